import { spawnSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * A headless Chromium: the machine's own; where there is none, apt-get's, for who may install it; else the one that
 * Playwright downloads.
 */
export function launchChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0
  const args = isRoot ? ['--no-sandbox'] : []
  const executablePath = installed() ?? (isRoot ? fromApt() : undefined)
  if (executablePath !== undefined) return chromium.launch({ executablePath, args })
  run('npx', ['playwright-core', 'install', 'chromium'])
  return chromium.launch({ args })
}

function installed(): string | undefined {
  const paths = NAMES.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim())
  return paths.find((path) => path !== undefined && path !== '')
}

function fromApt(): string | undefined {
  run('apt-get', ['update'])
  run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'])
  return installed()
}

/** A program that says on stderr what it does; whether it did, shows afterwards. */
function run(program: string, args: readonly string[]): void {
  process.stderr.write(`… ${program} ${args.join(' ')}\n`)
  spawnSync(program, args, { stdio: ['ignore', 2, 2] })
}
