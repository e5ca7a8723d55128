export * from './gradient'
export * from './predict'
