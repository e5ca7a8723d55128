import { execFileSync, spawnSync } from 'node:child_process'

/** Paths of Prometheus, Alertmanager and their checkers. */
export interface Programs {
  readonly prometheus: string
  readonly promtool: string
  readonly alertmanager: string
  readonly amtool: string
}

/**
 * The programs of the machine; where there are none, those of Debian's packages, for who may install them. Nothing,
 * after a line that says why, where they cannot be had; throws under CI.
 */
export function findPrograms(): Programs | undefined {
  const found = installed() ?? fromApt()
  if (found) return found
  const reason = 'Prometheus and Alertmanager are neither installed nor can be by apt-get (as root)'
  // biome-ignore lint/style/noProcessEnv: where a suite may not be skipped is no configuration of ours
  if (process.env['CI'] !== undefined) throw new Error(reason)
  process.stderr.write(`… skipped: ${reason}\n`)
  return undefined
}

function installed(): Programs | undefined {
  const [prometheus, promtool, amtool] = ['prometheus', 'promtool', 'amtool'].map(which)
  const alertmanager = which('alertmanager') ?? which('prometheus-alertmanager')
  if (!prometheus || !promtool || !amtool || !alertmanager) return undefined
  return { prometheus, promtool, alertmanager, amtool }
}

function which(name: string): string | undefined {
  return spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim() || undefined
}

function fromApt(): Programs | undefined {
  if (process.getuid?.() !== 0 || !which('apt-get')) return undefined
  process.stderr.write('… installing Prometheus and Alertmanager by apt-get\n')
  const packages = 'prometheus prometheus-alertmanager'
  const install = `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages}`
  try {
    execFileSync('/bin/sh', ['-c', `${install} >/dev/null`], { stdio: ['ignore', 2, 2] })
  } catch {
    return undefined
  }
  return installed()
}
