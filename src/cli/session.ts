import type { MlflowClient } from '../tracking/index.ts'
import { type CliContext, type CommonOptions, configFor, loggerFor, printResult } from './context.ts'

/**
 * Runs `work` with a way to the tracking server that is opened on first use and closed at the end,
 * so that a command on plain files never touches a store.
 */
export async function withTracking<T>(
  context: CliContext,
  options: CommonOptions,
  work: (openClient: () => Promise<MlflowClient>) => Promise<T>,
): Promise<T> {
  const { openTracking } = await import('../pipeline/open-tracking.ts')
  const { createRandom } = await import('../math/random.ts')
  const config = configFor(context, options)
  const settings = {
    ...config,
    now: context.now,
    random: createRandom(context.entropy),
    logger: loggerFor(config),
  }
  let session: ReturnType<typeof openTracking> | undefined
  try {
    return await work(async () => {
      session ??= openTracking(settings)
      return (await session).client
    })
  } finally {
    await (await session)?.close()
  }
}

/** Runs `work` with a client and prints what it gives: the result, and the text of it for people. */
export async function onTracking(
  context: CliContext,
  options: CommonOptions,
  work: (client: MlflowClient) => Promise<readonly [unknown, () => string]>,
): Promise<void> {
  const [result, toText] = await withTracking(context, options, async (openClient) =>
    work(await openClient()),
  )
  printResult(context, options, result, toText)
}
