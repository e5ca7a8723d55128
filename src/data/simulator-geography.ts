import { hashUniform } from './simulator-sampling.ts'

/** A city of the simulated world: coordinates in degrees, `weight` its share of homes or of travel. */
export interface City {
  readonly name: string
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  readonly weight: number
}

/** The issuer's customers live in the first HOME_CITIES; the others are travelled to. */
export const CITIES: readonly City[] = [
  city('Seoul', 'KR', 37.57, 126.98, 30),
  city('Busan', 'KR', 35.18, 129.08, 11),
  city('Incheon', 'KR', 37.46, 126.71, 10),
  city('Daegu', 'KR', 35.87, 128.6, 8),
  city('Suwon', 'KR', 37.26, 127.03, 8),
  city('Daejeon', 'KR', 36.35, 127.38, 6),
  city('Gwangju', 'KR', 35.16, 126.85, 5),
  city('Ulsan', 'KR', 35.54, 129.31, 4),
  city('Changwon', 'KR', 35.23, 128.68, 4),
  city('Goyang', 'KR', 37.66, 126.83, 4),
  city('Cheongju', 'KR', 36.64, 127.49, 3),
  city('Jeonju', 'KR', 35.82, 127.15, 3),
  city('Jeju', 'KR', 33.5, 126.53, 2),
  city('Chuncheon', 'KR', 37.88, 127.73, 1),
  city('Gangneung', 'KR', 37.75, 128.88, 1),
  city('Tokyo', 'JP', 35.68, 139.69, 20),
  city('Osaka', 'JP', 34.69, 135.5, 16),
  city('Bangkok', 'TH', 13.76, 100.5, 10),
  city('Da Nang', 'VN', 16.05, 108.2, 10),
  city('Singapore', 'SG', 1.35, 103.82, 6),
  city('Taipei', 'TW', 25.03, 121.57, 8),
  city('Hong Kong', 'HK', 22.32, 114.17, 6),
  city('Shanghai', 'CN', 31.23, 121.47, 6),
  city('Manila', 'PH', 14.6, 120.98, 5),
  city('Sydney', 'AU', -33.87, 151.21, 3),
  city('Los Angeles', 'US', 34.05, -118.24, 4),
  city('New York', 'US', 40.71, -74.01, 3),
  city('London', 'GB', 51.51, -0.13, 2),
  city('Paris', 'FR', 48.86, 2.35, 3),
]

export const HOME_CITIES = CITIES.filter((place) => place.country === 'KR').length

/** Local time of the issuer: nine hours ahead of UTC, all year. */
export const LOCAL_OFFSET_SECONDS = 9 * 3600

/** Online merchants sell from these countries; the first is home. */
export const COUNTRIES: readonly string[] = [...new Set(CITIES.map((place) => place.country))]

/** Where a shop of `merchant` stands in `cityIndex`: within some seven kilometres of the centre. */
export function shopPlace(merchant: number, cityIndex: number): { latitude: number; longitude: number } {
  const { latitude, longitude } = CITIES[cityIndex]!
  return {
    latitude: latitude + 0.12 * (hashUniform(merchant, cityIndex, 1) - 0.5),
    longitude: longitude + 0.12 * (hashUniform(merchant, cityIndex, 2) - 0.5),
  }
}

/** Great-circle distance in kilometres by the haversine formula, Earth's radius 6371 km; degrees in. */
export function distanceKm(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number) {
  const radians = Math.PI / 180
  const sinLatitude = Math.sin(((latitudeB - latitudeA) * radians) / 2)
  const sinLongitude = Math.sin(((longitudeB - longitudeA) * radians) / 2)
  const cosines = Math.cos(latitudeA * radians) * Math.cos(latitudeB * radians)
  const h = sinLatitude * sinLatitude + cosines * sinLongitude * sinLongitude
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)))
}

function city(name: string, country: string, latitude: number, longitude: number, weight: number): City {
  return { name, country, latitude, longitude, weight }
}
