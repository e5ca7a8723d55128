import type { DatabaseSync } from 'node:sqlite'

/**
 * Brings the database to the newest version. One process does it, the others wait: the version is read and the
 * missing steps run in one transaction that holds the write lock. `user_version` counts the steps done.
 */
export function migrate(database: DatabaseSync): void {
  database.exec('begin immediate')
  try {
    const { user_version: done } = database.prepare('pragma user_version').get() as { user_version: number }
    for (const step of MIGRATIONS.slice(done)) database.exec(step)
    database.exec(`pragma user_version = ${Math.max(done, MIGRATIONS.length)}`)
    database.exec('commit')
  } catch (error) {
    // a full disk has ended the transaction already
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/** Never edit a step that was released: add one. */
const MIGRATIONS: readonly string[] = [
  `
create table experiments (
  id integer primary key autoincrement,
  name text not null unique,
  artifact_location text not null,
  lifecycle_stage text not null,
  creation_time integer not null,
  last_update_time integer not null
) strict;

create table experiment_tags (
  owner integer not null references experiments,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table runs (
  id integer primary key,
  run_id text not null unique,
  experiment integer not null references experiments,
  name text not null,
  user_id text not null,
  status text not null,
  start_time integer not null,
  end_time integer,
  artifact_uri text not null,
  lifecycle_stage text not null
) strict;
create index runs_by_start on runs (experiment, lifecycle_stage, start_time desc, run_id);

create table run_tags (
  owner integer not null references runs,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table run_params (
  owner integer not null references runs,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

-- in the order in which a history is read; the key is all columns, so a repeated point is one point
create table metrics (
  run integer not null references runs,
  key text not null,
  timestamp integer not null,
  step integer not null,
  value real not null,
  is_nan integer not null,
  primary key (run, key, timestamp, step, value, is_nan)
) strict, without rowid;

create table latest_metrics (
  run integer not null references runs,
  key text not null,
  timestamp integer not null,
  step integer not null,
  value real not null,
  is_nan integer not null,
  primary key (run, key)
) strict, without rowid;
create index latest_metrics_by_value on latest_metrics (key, value, run);

create table datasets (
  id integer primary key,
  experiment integer not null references experiments,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  unique (experiment, name, digest)
) strict;

create table run_datasets (
  run integer not null references runs,
  dataset integer not null references datasets,
  primary key (run, dataset)
) strict, without rowid;

create table run_dataset_tags (
  run integer not null,
  dataset integer not null,
  key text not null,
  value text not null,
  primary key (run, dataset, key),
  foreign key (run, dataset) references run_datasets
) strict, without rowid;

create table run_models (
  run integer not null references runs,
  role text not null,
  model_id text not null,
  step integer not null,
  primary key (run, role, model_id, step)
) strict, without rowid;

create table logged_models (
  id integer primary key,
  model_id text not null unique,
  experiment integer not null references experiments,
  name text not null,
  artifact_uri text not null,
  creation_time integer not null,
  last_update_time integer not null,
  status text not null,
  lifecycle_stage text not null,
  model_type text,
  source_run_id text
) strict;
create index logged_models_by_creation on logged_models (experiment, lifecycle_stage, creation_time desc);

create table logged_model_params (
  owner integer not null references logged_models,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table logged_model_tags (
  owner integer not null references logged_models,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table logged_model_metrics (
  model integer not null references logged_models,
  run_id text not null,
  key text not null,
  timestamp integer not null,
  step integer not null,
  value real not null,
  is_nan integer not null,
  dataset_name text not null,
  dataset_digest text not null,
  primary key (model, key, dataset_name, dataset_digest, timestamp, step, value, is_nan, run_id)
) strict, without rowid;

create table registered_models (
  id integer primary key,
  name text not null unique,
  description text,
  creation_time integer not null,
  last_update_time integer not null
) strict;

create table registered_model_tags (
  owner integer not null references registered_models,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table model_versions (
  id integer primary key,
  model integer not null references registered_models,
  version integer not null,
  creation_time integer not null,
  last_update_time integer not null,
  description text,
  user_id text,
  source text not null,
  storage_location text not null,
  run_id text,
  run_link text,
  model_id text,
  lifecycle_stage text not null,
  unique (model, version)
) strict;
create index model_versions_by_run on model_versions (run_id);

create table model_version_tags (
  owner integer not null references model_versions,
  key text not null,
  value text not null,
  primary key (owner, key)
) strict, without rowid;

create table aliases (
  model integer not null references registered_models,
  alias text not null,
  version integer not null references model_versions,
  primary key (model, alias)
) strict, without rowid;
create index aliases_by_version on aliases (version);
`,
]
