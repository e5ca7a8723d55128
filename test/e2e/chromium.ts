import { spawnSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** A headless Chromium of this machine; where there is none and apt-get may, it is installed. */
export function launchChromium(): Promise<Browser> {
  const executablePath = installed() ?? install()
  const isRoot = process.getuid?.() === 0
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] })
}

function installed(): string | undefined {
  return NAMES.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim()).find(Boolean)
}

function install(): string {
  process.stderr.write('… installing chromium with apt-get\n')
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
  }
  const path = installed()
  if (path === undefined) throw new Error(`The browser test needs one of ${NAMES.join(', ')} on the PATH`)
  return path
}
