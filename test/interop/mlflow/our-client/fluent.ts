import {
  flushAsyncLogging,
  getRun,
  loadTable,
  logArtifact,
  logDict,
  logMetric,
  logMetrics,
  logParam,
  logParams,
  logTable,
  logText,
  type MlflowClient,
  type Run,
  searchRuns,
  setExperiment,
  setTag,
  setTags,
  setTrackingClient,
  startRun,
} from '../../../../src/tracking/index.ts'
import type { Take } from './record.ts'

export async function fluent(take: Take, client: MlflowClient): Promise<void> {
  setTrackingClient(client)
  const { experimentId } = await setExperiment('our fluent')
  const parent = await startRun(
    { runName: 'parent', description: 'why', tags: { level: '0' } },
    async (run) => {
      await logParams(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`p${i}`, i])))
      await logParam('one', true)
      await startRun({ runName: 'child', nested: true }, async () => {
        for (let step = 0; step < 20; step++) await logMetric('loss', 1 / (step + 1), { step })
        await logMetrics({ auc: 0.9, nan: Number.NaN }, { step: 3 })
      })
      await setTag('state', 'written')
      await setTags({ a: '1', b: '2' })
      await logText('hällo', 'notes/a.txt')
      await logDict({ a: [1, 2] }, 'data.json')
      await logArtifact({ path: 'bytes.bin', data: new Uint8Array([1, 2, 3]) })
      await logTable({ q: ['x', 'y'], n: [1, 2] }, 'table.json')
      return run.info.runId
    },
  )
  await flushAsyncLogging()
  await take('parent', async () => told(await getRun(parent)))
  const children = await searchRuns({ experimentIds: [experimentId], filter: "run_name = 'child'" })
  await take('children', () => children.map(told))
  await take('history', () => client.getMetricHistory(children[0]!.info.runId, 'loss').then(steps))
  await take('files', () => client.listArtifacts(parent))
  await take('table', () => loadTable('table.json', { runIds: [parent] }))
  await take('broken', () =>
    startRun({ runName: 'broken' }, async () => {
      throw new Error('on purpose')
    }),
  )
  await take('status of the broken run', async () =>
    (await searchRuns({ experimentIds: [experimentId], filter: "run_name = 'broken'" })).map(
      ({ info }) => info.status,
    ),
  )
}

function steps(points: readonly { value: number; step: number }[]): unknown {
  return points.map(({ value, step }) => [step, value])
}

/** Without what depends on the program and its machine. */
function told({ info, data }: Run): unknown {
  const tags = Object.entries(data.tags).filter(([key]) => !/^mlflow\.(source|user|git)/.test(key))
  return { name: info.runName, status: info.status, ...data, tags: Object.fromEntries(tags) }
}
