import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { openSqlite } from '../../tracking/store/sqlite-dialect.ts'
import { isStorageTrouble, SQLITE_BUSY, sqliteErrorOf } from '../../tracking/store/storage-trouble.ts'
import { type Columns, numberAt } from './columns.ts'
import { watchWal } from './watch-wal.ts'
import type { DecisionRow, WriteGroup, Writer, WriterAnswer, Written } from './writer-messages.ts'

/** Another process may be recovering the log while this one opens it. */
const OPEN_TIMEOUT_MS = 5000
/** How long one waits between two looks at the write lock: a commit of another process takes about so long. */
const LOCK_LOOK_MS = 0.1
const LOCK_LOOKS = 30_000

const INSERT_DECISION = `
  insert into decisions (transaction_id, transaction_json, entity, event_time, probability, latency_ms, created_at,
    experiment, arm, failed_arm, model_name, model_version, policy_version, risk_level)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
const INSERT_SHADOW = `
  insert into shadow_scores (transaction_id, probability, created_at, arm, model_version, policy_version, risk_level)
  values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`
const INSERT_LABEL = `
  insert into labels (transaction_id, is_fraud, label_time, source, received_at)
  values (?, ?, ?, ?, ?) on conflict do nothing`
const LAST_VERDICT =
  'select is_fraud from labels where transaction_id = ? and source = ? order by seq desc limit 1'
const PROBE = 'insert into probe values (1, ?) on conflict do update set checked_at = excluded.checked_at'

/**
 * Writes groups to a SQLite file, each in one transaction that is synced before it answers. The write lock is
 * waited for in steps far shorter than SQLite's own, since several processes may take turns at it. Moving the log
 * into the file is left to others as long as they keep up. The file is opened with the first group, and again after it could not be.
 */
export function createSqliteWriter(file: string): Writer {
  let opened: { database: DatabaseSync; statements: Statements } | undefined
  const open = () => {
    const database = openSqlite(file, OPEN_TIMEOUT_MS, 0)
    database.exec('pragma busy_timeout = 0')
    return { database, statements: prepare(database) }
  }
  return {
    write: (group) => {
      try {
        opened ??= open()
        return commit(opened, group)
      } catch (error) {
        return notWritten(error)
      }
    },
    close: () => opened?.database.close(),
  }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: DatabaseSync) {
  return {
    begin: database.prepare('begin immediate'),
    commit: database.prepare('commit'),
    rollback: database.prepare('rollback'),
    walPages: watchWal(database),
    insertDecision: database.prepare(INSERT_DECISION),
    findDecision: database.prepare('select * from decisions where transaction_id = ?'),
    insertShadow: database.prepare(INSERT_SHADOW),
    insertLabel: database.prepare(INSERT_LABEL),
    lastVerdict: database.prepare(LAST_VERDICT),
    probe: database.prepare(PROBE),
  }
}

function notWritten(error: unknown): WriterAnswer {
  return {
    reason: error instanceof Error ? error.message : String(error),
    isRefused: !isStorageTrouble(error),
  }
}

function commit(
  { database, statements }: { database: DatabaseSync; statements: Statements },
  { decisions, shadows, labels, probe }: WriteGroup,
): Written {
  begin(statements.begin)
  try {
    const earlier = decisions ? insertDecisions(statements, decisions) : []
    if (shadows) insertShadows(statements.insertShadow, shadows)
    const receipt = labels ? insertLabels(statements, labels) : { added: [], unknown: [] }
    if (probe !== undefined) statements.probe.run(probe)
    statements.commit.run()
    return { earlier, ...receipt, logPages: statements.walPages() }
  } catch (error) {
    rollBack(database, statements.rollback)
    throw error
  }
}

const never = new Int32Array(new SharedArrayBuffer(4))

function begin(statement: StatementSync): void {
  for (let look = 1; ; look++) {
    try {
      statement.run()
      return
    } catch (error) {
      if (sqliteErrorOf(error) !== SQLITE_BUSY || look === LOCK_LOOKS) throw error
    }
    Atomics.wait(never, 0, 0, LOCK_LOOK_MS)
  }
}

/** A full disk ends the transaction by itself; a failure to roll back leaves it to the next one to report. */
function rollBack(database: DatabaseSync, statement: StatementSync): void {
  try {
    if (database.isTransaction) statement.run()
  } catch {}
}

function insertDecisions(
  { insertDecision, findDecision }: Statements,
  { rows, texts, numbers, words, wordsOf }: Columns,
): [number, DecisionRow][] {
  const [ids, jsons, entities] = texts as [string[], string[], (string | null)[]]
  const [times, probabilities, latencies, created] = numbers as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const earlier: [number, DecisionRow][] = []
  for (let i = 0; i < rows; i++) {
    const id = ids[i]!
    const { changes } = insertDecision.run(
      id,
      jsons[i]!,
      entities[i]!,
      numberAt(times, i),
      probabilities[i]!,
      latencies[i]!,
      created[i]!,
      ...(words[wordsOf[i]!] as SQLInputValue[]),
    )
    if (changes === 0) earlier.push([i, { ...findDecision.get(id)! }])
  }
  return earlier
}

function insertShadows(statement: StatementSync, { rows, texts, numbers, words, wordsOf }: Columns): void {
  for (let i = 0; i < rows; i++) {
    statement.run(texts[0]![i]!, numbers[0]![i]!, numbers[1]![i]!, ...(words[wordsOf[i]!] as SQLInputValue[]))
  }
}

function insertLabels(
  { insertLabel, lastVerdict, findDecision }: Statements,
  { rows, texts, numbers, words, wordsOf }: Columns,
): Pick<Written, 'added' | 'unknown'> {
  const [verdicts, times, assumed, received] = numbers as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const added: number[] = []
  const unknown: number[] = []
  for (let i = 0; i < rows; i++) {
    const id = texts[0]![i]!
    const source = words[wordsOf[i]!]![0]!
    // a repeated request without a time says nothing new
    if (assumed[i] === 1 && lastVerdict.get(id, source)?.['is_fraud'] === verdicts[i]) continue
    if (insertLabel.run(id, verdicts[i]!, times[i]!, source, received[i]!).changes === 0) continue
    added.push(i)
    if (findDecision.get(id) === undefined) unknown.push(i)
  }
  return { added, unknown }
}
