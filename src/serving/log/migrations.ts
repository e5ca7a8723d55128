import type { Migration } from '../../tracking/store/migrations.ts'
import { EXPERIMENT_TABLES } from '../experiments/experiment-tables.ts'

/**
 * The steps that make the tables, in SQLite's words; never edit a step that was released: add one. A database keeps
 * count of the steps that it has.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
create table decisions (
  seq integer primary key,
  transaction_id text not null unique,
  transaction_json text not null,
  entity text,
  event_time real,
  arm text not null,
  model_name text not null,
  model_version text not null,
  policy_version text not null,
  probability real not null,
  risk_level text not null,
  latency_ms real not null,
  created_at real not null
) strict;

create table labels (
  seq integer primary key,
  transaction_id text not null,
  is_fraud integer not null check (is_fraud in (0, 1)),
  label_time real not null,
  source text not null,
  received_at real not null,
  unique (transaction_id, source, label_time, is_fraud)
) strict;

create table probe (id integer primary key check (id = 1), checked_at real not null) strict;
`,
  `
alter table decisions add column experiment text;

create table shadow_scores (
  transaction_id text primary key,
  arm text not null,
  model_version text not null,
  policy_version text not null,
  probability real not null,
  risk_level text not null,
  created_at real not null
) strict;
`,
  `
-- days are exported and pruned by the time of the decision, experiments are read in the order of storing
create index decisions_by_time on decisions (created_at);
create index decisions_by_experiment on decisions (experiment, seq) where experiment is not null;
`,
  EXPERIMENT_TABLES,
  `
create table exported_days (
  day text primary key,
  file text not null,
  decisions integer not null,
  exported_at real not null
) strict;
`,
  `alter table decisions add column failed_arm text;`,
]
