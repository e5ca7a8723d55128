// Every bad input gets one clear line, exit status 2, and leaves nothing behind.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type FdsResult, MAIN, runFds, runOnFullDisk, temporaryFolder } from './fds.ts'

const HEADER = 'amount,age,isFraud\n'
const ROWS = Array.from({ length: 40 }, (_, row) => `${row * 1.5},${20 + row},${row % 2}\n`).join('')

const FILES: readonly { name: string; file: string; content: string | Uint8Array; message: RegExp }[] = [
  {
    name: 'an empty file',
    file: 'a.csv',
    content: '',
    message: /must hold a header and at least one row, got .*a\.csv/,
  },
  {
    name: 'a header only',
    file: 'a.csv',
    content: HEADER,
    message: /must hold a header and at least one row/,
  },
  {
    name: 'a label that is not 0 or 1',
    file: 'a.csv',
    content: `${HEADER}1,2,0\n2,3,7\n3,4,1\n`,
    message: /label "isFraud" must be 0 or 1.*got 7 in row/,
  },
  {
    name: 'a label of one class',
    file: 'a.csv',
    content: `${HEADER}1,2,0\n2,3,0\n3,4,0\n`,
    message: /must hold both classes, got only 0 in 3 rows/,
  },
  {
    name: 'no label column',
    file: 'a.csv',
    content: 'amount,age\n1,2\n2,3\n',
    message: /No column "isFraud"; the columns are amount, age/,
  },
  {
    name: 'a duplicate column',
    file: 'a.csv',
    content: 'amount,amount,isFraud\n1,2,0\n2,3,1\n',
    message: /got "amount" more than once/,
  },
  {
    name: 'text in a number column',
    file: 'a.csv',
    content: `${HEADER}${ROWS}many,33,0\n${ROWS}`,
    message: /a\.csv, row 41, column "amount": must be a number, got "many"/,
  },
  {
    name: 'a row that is too long',
    file: 'a.csv',
    content: `${HEADER}${ROWS}1,2,0,9\n${ROWS}`,
    message: /a\.csv, row 41|a\.csv, row 42/,
  },
  {
    name: 'a file that is not UTF-8',
    file: 'a.csv',
    content: Buffer.concat([
      Buffer.from(HEADER + ROWS),
      Buffer.from([0xff, 0xfe, 0x2c, 0x31, 0x2c, 0x30, 0x0a]),
    ]),
    message: /a\.csv.*(UTF-8|utf-8)/,
  },
  {
    name: 'a truncated gzip',
    file: 'a.csv.gz',
    content: gzipSync(HEADER + ROWS.repeat(2000)).subarray(0, 900),
    message: /Cannot read .*a\.csv\.gz/,
  },
  {
    name: 'a file that is no Parquet',
    file: 'a.parquet',
    content: 'PAR1 but not really',
    message: /Cannot read .*a\.parquet/,
  },
  {
    name: 'an unknown extension',
    file: 'a.xlsx',
    content: HEADER + ROWS,
    message: /must end in \.csv, \.csv\.gz or \.parquet/,
  },
]

for (const { name, file, content, message } of FILES) {
  test(`fds train refuses ${name}`, { concurrency: true }, async (context) => {
    const folder = await temporaryFolder(context)
    const path = join(folder, file)
    await writeFile(path, content)
    await assertRefused(['train', '--data', path, '--home', join(folder, 'home')], message)
  })
}

const USAGES: readonly { name: string; args: readonly string[]; message: RegExp }[] = [
  { name: 'an unknown command', args: ['fly'], message: /unknown command 'fly'/ },
  {
    name: 'an unknown option',
    args: ['train', '--data', 'a.csv', '--speed', '9'],
    message: /unknown option '--speed'/,
  },
  { name: 'a missing option', args: ['train'], message: /required option '--data <file>'/ },
  {
    name: 'an unknown parameter',
    args: ['train', '--data', 'FILE', '--param', 'depth=3'],
    message: /No parameter "depth"; the parameters are/,
  },
  {
    name: 'a parameter out of range',
    args: ['train', '--data', 'FILE', '--param', 'max_depth=-1'],
    message: /"max_depth" must be/,
  },
  {
    name: 'a parameter that is no number',
    args: ['train', '--data', 'FILE', '--param', 'eta=fast'],
    message: /must be .* got fast/,
  },
  {
    name: 'a parameter without a value',
    args: ['train', '--data', 'FILE', '--param', 'eta'],
    message: /--param must be name=value, got eta/,
  },
  {
    name: 'a holdout of 1.5',
    args: ['train', '--data', 'FILE', '--holdout', '1.5'],
    message: /--holdout must be a number/,
  },
  {
    name: 'an alias without a name',
    args: ['train', '--data', 'FILE', '--alias', 'champion'],
    message: /--alias needs --register/,
  },
  {
    name: 'rows that are no number',
    args: ['data', 'generate', '--rows', 'many', '--out', 'x.csv'],
    message: /--rows must be a whole number/,
  },
  {
    name: 'an unknown drift',
    args: ['data', 'generate', '--rows', '10', '--out', 'x.csv', '--drift', 'wild'],
    message: /Allowed choices are none, gradual, sudden/,
  },
  { name: 'a missing file', args: ['train', '--data', 'nowhere.csv'], message: /No such file: nowhere\.csv/ },
  {
    name: 'a missing model',
    args: ['score', '--model', 'nowhere.json', '--data', 'FILE', '--out', 'o.csv'],
    message: /No model at nowhere\.json/,
  },
  {
    name: "a format that is not XGBoost's",
    args: ['models', 'export', 'models:/m@champion', '--out', 'o.csv', '--format', 'onnx'],
    message: /Allowed choices are json, ubj/,
  },
  {
    name: 'a file that is no model',
    args: ['models', 'import', 'm', '--from', 'FILE'],
    message: /The model file is not valid: it must be JSON/,
  },
  {
    name: 'a measure of importance that XGBoost does not have',
    args: ['models', 'importance', 'models:/m@champion', '--kind', 'shap'],
    message: /Allowed choices are gain, weight, cover, total_gain, total_cover/,
  },
  {
    name: 'the importance of a file that is no model',
    args: ['models', 'importance', 'FILE', '--out', 'o.svg'],
    message: /The model file is not valid: it must be JSON/,
  },
  {
    name: 'an alias that is not set',
    args: ['score', '--model', 'models:/fraud_detector@champion', '--data', 'FILE', '--out', 'o.csv'],
    message: /fraud_detector/,
  },
  {
    name: 'a rollback of nothing',
    args: ['models', 'rollback', 'fraud_detector'],
    message: /fraud_detector/,
  },
  {
    name: 'a promotion of a version that is none',
    args: ['models', 'promote', 'fraud_detector', '9'],
    message: /fraud_detector/,
  },
  {
    name: 'a tracking server for everybody without a word',
    args: ['tracking', '--port', '0', '--host', '0.0.0.0'],
    message: /FDS_API_KEY/,
  },
  {
    name: 'a share of drifted columns above 1',
    args: ['drift', '--reference', 'FILE', '--current', 'FILE', '--drift-share', '2'],
    message: /--drift-share must be a number from 0 to 1/,
  },
  {
    name: 'a language that the drift report does not speak',
    args: ['drift', '--reference', 'FILE', '--current', 'FILE', '--lang', 'fr'],
    message: /Allowed choices are en, ko/,
  },
  {
    name: 'retraining without a champion',
    args: ['retrain', '--data', 'FILE'],
    message: /registered model "fraud_detector" has no alias "champion"/,
  },
  { name: 'a port out of range', args: ['serve', '--port', '70000'], message: /70000|port/i },
]

for (const { name, args, message } of USAGES) {
  test(`fds refuses ${name}`, { concurrency: true }, async (context) => {
    const folder = await temporaryFolder(context)
    const file = join(folder, 'good.csv')
    await writeFile(file, HEADER + ROWS)
    const filled = args.map((arg) => (arg === 'FILE' ? file : arg))
    const home = args.length > 1 ? ['--home', join(folder, 'home')] : []
    await assertRefused([...filled, ...home], message)
    assert.equal(existsSync('x.csv'), false)
    assert.equal(existsSync('o.csv'), false)
  })
}

test('text in a number column names file, row and column when a model is asked to score it', async (context) => {
  const { folder, model } = await trained(context)
  const file = join(folder, 'text.csv')
  await writeFile(file, `amount,age,isFraud\n1,2,0\n2,3,1\nmany,4,0\n`)
  await assertRefused(
    [
      'score',
      '--model',
      model,
      '--data',
      file,
      '--out',
      join(folder, 'o.csv'),
      '--home',
      join(folder, 'home'),
    ],
    /amount/,
  )
  assert.equal(existsSync(join(folder, 'o.csv')), false)
})

test('a model file that was cut off is named', async (context) => {
  const { folder, model, home } = await trained(context)
  const artifacts = join(home, 'artifacts')
  const trees = readdirSync(artifacts, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('model.json'),
  )
  await truncate(join(artifacts, trees!), 10)
  const score = (model: string) => [
    'score',
    '--model',
    model,
    '--data',
    join(folder, 'good.csv'),
    '--out',
    join(folder, 'o.csv'),
    '--home',
    home,
  ]
  await assertRefused(score(model), /model file is not valid/)
  const binary = join(folder, 'model.ubj')
  await copyFile('test/fixtures/model/forms-3.2.0/gbtree-numerical.ubj', binary)
  await truncate(binary, 5000)
  await assertRefused(score(binary), /The model file is not valid: it must be UBJSON: .*, at byte \d+/)
})

test('10,000 columns train', async (context) => {
  const folder = await temporaryFolder(context)
  const names = Array.from({ length: 10_000 }, (_, column) => `c${column}`)
  const rows = Array.from(
    { length: 30 },
    (_, row) => `${names.map((_, column) => (row * column) % 7).join(',')},${row % 2}\n`,
  )
  const file = join(folder, 'wide.csv')
  await writeFile(file, `${names.join(',')},isFraud\n${rows.join('')}`)
  const { status, stderr } = await runFds([
    'train',
    '--data',
    file,
    '--param',
    'n_estimators=2',
    '--home',
    join(folder, 'home'),
  ])
  assert.equal(status, 0, stderr)
})

test('a home that cannot be written is one line', async (context) => {
  const folder = await temporaryFolder(context)
  await writeFile(join(folder, 'good.csv'), HEADER + ROWS)
  await writeFile(join(folder, 'home'), 'a file, not a folder')
  await assertRefused(['train', '--data', join(folder, 'good.csv'), '--home', join(folder, 'home')], /home/)
})

test('a full disk is one line, and leaves no half-written file', async (context) => {
  const folder = await temporaryFolder(context)
  const out = join(folder, 'payments.csv')
  await writeFile(join(folder, 'good.csv'), HEADER + ROWS.repeat(50))
  const generated = await runOnFullDisk(['data', 'generate', '--rows', '20000', '--out', out])
  assertOneLine(generated, /Cannot read or write .*payments\.csv: .*(file too large|File too large)/)
  assert.equal(existsSync(out), false)
  const home = join(folder, 'home')
  assertOneLine(
    await runOnFullDisk(['train', '--data', join(folder, 'good.csv'), '--home', home]),
    /tracking\.db|artifacts/,
  )
})

test('a second server on a home is refused while the first one serves on', async (context) => {
  const folder = await temporaryFolder(context)
  const home = join(folder, 'home')
  const first = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--json', '--home', home], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  context.after(() => first.kill('SIGKILL'))
  const [line] = (await once(first.stdout, 'data')) as [Buffer]
  await assertRefused(['serve', '--port', '0', '--home', home], /Another server already runs on the home/)
  const { address } = JSON.parse(String(line)) as { address: string }
  assert.equal((await fetch(new URL('/health', address))).status, 200)
  first.kill('SIGTERM')
  const [status] = (await once(first, 'exit')) as [number | null]
  assert.equal(status, 0)
})

test('a port in use is one line', async (context) => {
  const folder = await temporaryFolder(context)
  const taken = createServer().listen(0, '127.0.0.1')
  context.after(() => taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  await assertRefused(
    ['serve', '--port', String(port), '--home', join(folder, 'home')],
    new RegExp(`Port ${port} .* is taken`),
  )
})

test('an output folder that does not exist is one line', async (context) => {
  const folder = await temporaryFolder(context)
  await mkdir(join(folder, 'home'))
  await assertRefused(['data', 'generate', '--rows', '100', '--out', join(folder, 'no/such/x.csv')], /x\.csv/)
})

async function assertRefused(args: readonly string[], message: RegExp): Promise<void> {
  assertOneLine(await runFds(args), message)
}

function assertOneLine({ status, stdout, stderr }: FdsResult, message: RegExp): void {
  assert.equal(stderr.trimEnd().split('\n').length, 1, `more than one line: ${stderr}`)
  assert.match(stderr, message)
  assert.equal(status, 2, stderr)
  assert.equal(stdout, '')
}

async function trained(context: TestContext): Promise<{ folder: string; home: string; model: string }> {
  const folder = await temporaryFolder(context)
  const home = join(folder, 'home')
  await writeFile(join(folder, 'good.csv'), HEADER + ROWS)
  const args = [
    'train',
    '--data',
    join(folder, 'good.csv'),
    '--param',
    'n_estimators=3',
    '--register',
    'm',
    '--alias',
    'champion',
    '--home',
    home,
  ]
  const { status, stderr } = await runFds(args)
  assert.equal(status, 0, stderr)
  return { folder, home, model: 'models:/m@champion' }
}
