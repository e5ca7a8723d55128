// Opens a learner's own copy of the course in JupyterLab; what follows -- goes to JupyterLab, such as --no-browser.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { jupyterEnvironment } from './environment.ts'
import { FOLDER, notebookNames } from './execute.ts'

const ROOT = join(import.meta.dirname, '../..')
const OWN = 'notebooks/my'

const { jupyter } = await jupyterEnvironment().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
})
const [first] = copyNotebooks()
process.stderr.write(`
JupyterLab이 브라우저에서 열립니다. 끝내려면 Ctrl+C를 두 번 누르십시오.
노트북은 ${OWN}/에 복사해 두었습니다. 고친 내용은 그대로 남고, 파일을 지우고 다시 실행하면 처음 상태로 돌아갑니다.

VS Code에서 보려면 Jupyter 확장을 설치하고 ${OWN}/${first}를 연 다음
  커널 선택(Select Kernel) → Existing Jupyter Server… → 아래에 나오는 http://127.0.0.1:…/lab?token=… 주소 → Deno

`)
const settings = [
  `--ServerApp.root_dir=${ROOT}`,
  '--ServerApp.ip=127.0.0.1',
  // as root, as in most containers, Jupyter starts only if told that it may
  ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  `--LabApp.default_url=/lab/tree/${OWN}/${first}`,
]
const lab = spawn(jupyter, ['lab', ...settings, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: ROOT,
})
// Ctrl+C reaches both; who asks whether to stop is JupyterLab
process.on('SIGINT', () => {})
process.on('SIGTERM', () => lab.kill('SIGTERM'))
lab.on('exit', (code) => {
  process.exitCode = code ?? 1
})

/** What the learner has changed stays. Jupyter shows pictures only in notebooks that it was told to trust. */
function copyNotebooks(): string[] {
  const files = notebookNames().map((name) => `${name}.ipynb`)
  const folder = join(ROOT, OWN)
  mkdirSync(folder, { recursive: true })
  const missing = files.filter((file) => !existsSync(join(folder, file)))
  for (const file of missing) copyFileSync(join(FOLDER, file), join(folder, file))
  if (missing.length > 0)
    spawnSync(jupyter, ['trust', ...missing], { cwd: folder, stdio: ['ignore', 'ignore', 2] })
  return files
}
