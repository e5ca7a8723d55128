import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAlertmanager } from '../../deploy/src/alertmanager.ts'
import { type Background, runBeside } from './background.ts'
import { SCALED } from './scaled.ts'

const START = join(import.meta.dirname, '../../deploy/alertmanager/start.sh')

export interface AlertmanagerInput {
  readonly program: string
  readonly port: number
  /** An empty folder of its own. */
  readonly folder: string
  /** Address of who is told; nobody when absent, as where no secret is given. */
  readonly receivers?: string
}

/** Starts Alertmanager as its container does, with the configuration's durations scaled down. */
export function startAlertmanager({
  program,
  port,
  folder,
  receivers,
}: AlertmanagerInput): Promise<Background> {
  const [secrets, config] = [join(folder, 'secrets'), join(folder, 'alertmanager.yml')]
  mkdirSync(secrets, { recursive: true })
  const pagerduty = receivers !== undefined && { pagerdutyUrl: `${receivers}/pagerduty` }
  writeFileSync(config, writeAlertmanager({ time: SCALED, secrets, ...pagerduty }))
  if (receivers !== undefined) giveSecrets(secrets, receivers)
  const args = [
    `--storage.path=${folder}`,
    '--cluster.listen-address=',
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  return runBeside('sh', [START, ...args], {
    address: `http://127.0.0.1:${port}`,
    environment: { SECRETS: secrets, CONFIG: config, ALERTMANAGER: program, TMPDIR: folder },
  })
}

function giveSecrets(folder: string, receivers: string): void {
  writeFileSync(join(folder, 'slack-webhook-url'), `${receivers}/slack`)
  writeFileSync(join(folder, 'pagerduty-routing-key'), 'key-of-the-test')
  // with all that a shell could stumble over
  writeFileSync(join(folder, 'dead-man-url'), `${receivers}/dead-man?a=1&b=2|3\n`)
}
