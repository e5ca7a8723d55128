import type { Generated } from 'kysely'
import { inPostgres, type Migration } from '../../tracking/store/migrations.ts'
import type { ExperimentAction, ExperimentState } from './experiment.ts'

/** The tables of experiments. Times are seconds since 1970 UTC; truth values are 0 and 1. */
export interface ExperimentTables {
  experiments: {
    number: Generated<number>
    id: string
    model_name: string
    champion_version: string
    challenger_version: string
    hash_version: number
    mode: 'ab' | 'shadow'
    traffic_split: number
    coverage: number
    /** JSON of an `ExperimentPlan`. */
    plan: string
    auto_promote: number
    auto_rollback: number
    state: ExperimentState
    revision: number
    started_at: number
    ended_at: number | null
  }
  experiment_events: {
    seq: Generated<number>
    experiment: string
    time: number
    action: ExperimentAction
    actor: string
    reason: string | null
    /** JSON. */
    details: string
  }
  experiment_looks: {
    experiment: string
    /** From 0 on. */
    number: number
    time: number
    /** JSON of an `ExperimentLook`. */
    look: string
    /** JSON of an `ExperimentVerdict`. */
    verdict: string
  }
}

const TABLES = `
create table experiments (
  number integer primary key,
  id text not null unique,
  model_name text not null,
  champion_version text not null,
  challenger_version text not null,
  hash_version integer not null,
  mode text not null,
  traffic_split real not null,
  coverage real not null,
  plan text not null,
  auto_promote integer not null,
  auto_rollback integer not null,
  state text not null,
  revision integer not null,
  started_at real not null,
  ended_at real
) strict;
-- of two starters at the same moment one is refused here
create unique index experiments_running on experiments (model_name) where state = 'running';
create index experiments_by_model on experiments (model_name, started_at);

create table experiment_events (
  seq integer primary key,
  experiment text not null,
  time real not null,
  action text not null,
  actor text not null,
  reason text,
  details text not null
) strict;
create index experiment_events_by_experiment on experiment_events (experiment, seq);

create table experiment_looks (
  experiment text not null,
  number integer not null,
  time real not null,
  look text not null,
  verdict text not null,
  primary key (experiment, number)
) strict;
`

/** What happened and what was seen is never changed, `insert or replace` and `truncate` included. */
const NEVER_CHANGED = ['experiment_events', 'experiment_looks'] as const

/** The step of the serving database that makes the tables of experiments. */
export const EXPERIMENT_TABLES: Migration = {
  sqlite: TABLES + NEVER_CHANGED.map(refuseInSqlite).join(''),
  postgres: `${inPostgres(TABLES)}
create function refuse_change() returns trigger language plpgsql as
  $$ begin raise exception '% takes entries and never changes them', tg_table_name; end $$;
${NEVER_CHANGED.map(refuseInPostgres).join('')}`,
}

function refuseInSqlite(table: (typeof NEVER_CHANGED)[number]): string {
  const key = table === 'experiment_looks' ? '(experiment, number)' : 'seq'
  const given = table === 'experiment_looks' ? '(new.experiment, new.number)' : 'new.seq'
  const refuse = `begin select raise(abort, '${table} takes entries and never changes them'); end;\n`
  return (
    `create trigger ${table}_no_update before update on ${table} ${refuse}` +
    `create trigger ${table}_no_delete before delete on ${table} ${refuse}` +
    `create trigger ${table}_no_replace before insert on ${table}
  when exists (select 1 from ${table} where ${key} = ${given}) ${refuse}`
  )
}

function refuseInPostgres(table: string): string {
  return `create trigger ${table}_no_change before update or delete or truncate on ${table}
  for each statement execute function refuse_change();
`
}
