import type { Column } from './table.ts'

/** One column of the simulated table. `missing` says when the value is absent; empty for never. */
export interface SimulatedColumn {
  readonly name: string
  readonly kind: Column['kind']
  readonly unit: string
  readonly meaning: string
  readonly missing: string
}

const ONLINE = 'online payments'
const NOT_ONLINE = 'payments that are not online, and devices that hide their fingerprint'

/**
 * The columns of `simulateTransactions`, in order; `docs/simulator.md` shows the same table.
 * Every counter is computed from payments before the row's own.
 */
export const SIMULATED_COLUMNS: readonly SimulatedColumn[] = [
  text('transaction_id', 'Unique; differs between seeds'),
  { ...number('transaction_time', 'UTC', 'When the payment is asked for'), kind: 'timestamp' },
  text('customer_id', 'The card holder; one card each'),
  text('merchant_id', 'Who is paid'),
  number('amount', 'KRW', 'What is paid'),
  text('category', 'What the merchant sells, 19 values'),
  text('channel', 'chip, contactless, magstripe, online or atm'),
  text('auth_method', 'pin, signature, none, 3ds or password', '2 % at random'),
  text('merchant_country', 'ISO 3166 code', '1 % at random'),
  text('merchant_city', '29 values', `${ONLINE}; 3 % of terminals send no place`),
  text('card_type', 'credit or debit'),
  text('device_type', 'ios, android or web', NOT_ONLINE),
  boolean('is_new_device', 'The device was never used with this card before', NOT_ONLINE),
  number('device_age_days', 'days', 'Since the device was first used with this card', NOT_ONLINE),
  number('hour', 'hour 0–23', 'Local hour of the issuer (UTC+9)'),
  number('account_age_days', 'days', 'Since the account was opened'),
  number(
    'declared_income',
    'KRW a month',
    'As the customer declared it',
    '10 % of customers, 35 % of new ones',
  ),
  number('credit_limit', 'KRW a month', 'Of the card', 'debit cards'),
  number('limit_use', 'share', 'Spent in the last 30 days over the credit limit', 'debit cards'),
  number('count_1h', 'payments', 'Of the card in the last hour'),
  number('count_24h', 'payments', 'Of the card in the last 24 hours'),
  number('count_7d', 'payments', 'Of the card in the last 7 days'),
  number('amount_1h', 'KRW', 'Paid with the card in the last hour'),
  number('amount_24h', 'KRW', 'Paid with the card in the last 24 hours'),
  number('amount_7d', 'KRW', 'Paid with the card in the last 7 days'),
  number(
    'amount_over_mean',
    'ratio',
    'Amount over the mean of the card in the last 60 days',
    'fewer than 3 payments in 60 days',
  ),
  number('minutes_since_last', 'minutes', 'Since the card was last used', 'first use of a card'),
  number(
    'distance_from_home_km',
    'km',
    'From the home of the customer to the shop',
    `${ONLINE}; 3 % of terminals send no place`,
  ),
  number(
    'distance_from_last_km',
    'km',
    'From the shop where the card was last present',
    `${ONLINE}; first use at a shop; 3 % of terminals send no place`,
  ),
  boolean('is_new_merchant', 'The card has not paid this merchant in the last 60 days'),
  number(
    'merchant_fraud_rate',
    'share',
    'Chargebacks of the merchant that arrived in the last 60 days over its payments in them, shrunk toward 1 % by 20 payments',
    'no payment of the merchant in 60 days',
  ),
  number('isFraud', '0 or 1', 'The label; known 5–60 days later'),
]

function text(name: string, meaning: string, missing = ''): SimulatedColumn {
  return { name, kind: 'text', unit: 'text', meaning, missing }
}

function number(name: string, unit: string, meaning: string, missing = ''): SimulatedColumn {
  return { name, kind: 'number', unit, meaning, missing }
}

function boolean(name: string, meaning: string, missing = ''): SimulatedColumn {
  return { name, kind: 'boolean', unit: 'true or false', meaning, missing }
}
