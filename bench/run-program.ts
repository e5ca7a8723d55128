import { spawn } from 'node:child_process'

/** What a program prints, run to its end in a process of its own. */
export function runProgram([program, ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    child.on('error', reject).on('close', (status) => {
      if (status === 0) resolve(printed)
      else reject(new Error(`${program} ${args[0]} ended with ${status}`))
    })
  })
}
