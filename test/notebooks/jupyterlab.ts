import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const START = join(import.meta.dirname, '../../notebooks/tools/open.ts')
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/lab\S*token=\w+/

/** JupyterLab as `npm run notebooks` starts it. */
export interface JupyterLab {
  /** The page of the first notebook, with the token that opens it. */
  readonly address: string
  close(): Promise<void>
}

/** Starts JupyterLab on a free port without a browser; rejects, with what it said, when it ends instead. */
export async function startJupyterLab(): Promise<JupyterLab> {
  const child = spawn(process.execPath, [START, '--no-browser', '--port=0'], { stdio: ['ignore', 2, 'pipe'] })
  const address = await addressOf(child)
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (text) => {
      said += text
      const [address] = ADDRESS.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
    child.on('close', (status) => reject(new Error(`JupyterLab ended with ${status}: ${said.slice(-2000)}`)))
  })
}
