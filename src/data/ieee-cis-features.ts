/** An engineered feature: SQL over the raw columns and, for the last four groups, over `past`. */
export type EngineeredFeature = readonly [name: string, sql: string]

/**
 * The fifteen engineered features of the IEEE-CIS preset, documented in docs/ieee-cis.md. None looks at a
 * later row: `PAST_SQL` counts what came before alone.
 */
export const ENGINEERED_FEATURES: readonly EngineeredFeature[] = [
  ['hour_of_day', 'floor(TransactionDT / 3600) % 24'],
  ['day_of_week', 'floor(TransactionDT / 86400) % 7'],
  ['amount_log', 'ln(1 + TransactionAmt)'],
  ['amount_cents', 'round(TransactionAmt - floor(TransactionAmt), 3)'],
  ['d1_first_day', 'floor(TransactionDT / 86400) - D1'],
  ['d15_first_day', 'floor(TransactionDT / 86400) - D15'],
  ['card_count_before', 'card_count_before'],
  ['card_seconds_since', 'card_seconds_since'],
  ['amount_over_card_mean', 'TransactionAmt / nullif(card_mean_before, 0)'],
  ['client_count_before', 'client_count_before'],
  ['amount_over_client_mean', 'TransactionAmt / nullif(client_mean_before, 0)'],
  ['email_domain_match', 'CAST(P_emaildomain = R_emaildomain AS DOUBLE)'],
  ['device_brand', deviceBrand('DeviceInfo')],
  ['os_family', "lower(split_part(id_30, ' ', 1))"],
  [
    'screen_area',
    "TRY_CAST(split_part(id_33, 'x', 1) AS DOUBLE) * TRY_CAST(split_part(id_33, 'x', 2) AS DOUBLE)",
  ],
]

/**
 * What was known of the card (card1, addr1) and of the client (card, and the day on which D1 began to count)
 * before each transaction: earlier rows in time order, ties by TransactionID, never the row itself.
 */
export const PAST_SQL = `
  SELECT TransactionID,
    CASE WHEN card1 IS NOT NULL THEN count(*) OVER card END AS card_count_before,
    CASE WHEN card1 IS NOT NULL THEN avg(TransactionAmt) OVER card END AS card_mean_before,
    CASE WHEN card1 IS NOT NULL THEN TransactionDT - last(TransactionDT) OVER card END AS card_seconds_since,
    CASE WHEN card1 IS NOT NULL AND D1 IS NOT NULL THEN count(*) OVER client END AS client_count_before,
    CASE WHEN card1 IS NOT NULL AND D1 IS NOT NULL THEN avg(TransactionAmt) OVER client END AS client_mean_before
  FROM transactions
  WINDOW
    card AS (PARTITION BY card1, addr1 ORDER BY TransactionDT, TransactionID
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    client AS (PARTITION BY card1, addr1, floor(TransactionDT / 86400) - D1 ORDER BY TransactionDT, TransactionID
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`

/** The maker, by what DeviceInfo begins with; the model codes are those that Android devices report. */
function deviceBrand(info: string): string {
  const brands = [
    ['samsung', '(samsung|sm-|gt-|sch-|sgh-|sph-)'],
    ['apple', '(ios|macos|iphone|ipad)'],
    ['microsoft', '(windows|trident|lumia|microsoft)'],
    ['huawei', '(huawei|honor|hi6210|(ale|ane|bnd|cam|cro|dli|eva|fig|frd|lld|mha|pra|rne|trt|vtr|was)-)'],
    ['motorola', '(moto|xt[0-9])'],
    ['lg', '(lg|vs[0-9])'],
    ['sony', '(sony|[defg][0-9]{4})'],
    ['htc', 'htc'],
    ['zte', '(zte|blade)'],
    ['xiaomi', '(xiaomi|redmi|mi )'],
    ['google', '(pixel|nexus)'],
    ['asus', 'asus'],
    ['lenovo', 'lenovo'],
    ['alcatel', '(alcatel|[0-9]{4}[a-z] )'],
    ['linux', 'linux'],
  ]
  const cases = brands.map(
    ([brand, start]) => `WHEN regexp_matches(lower(${info}), '^${start}') THEN '${brand}'`,
  )
  return `CASE WHEN ${info} IS NULL THEN NULL ${cases.join(' ')} ELSE 'other' END`
}
