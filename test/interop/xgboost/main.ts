// Judges our model files with the real XGBoost of each version: `npm run test:interop`. Needs python3 (3.9 to 3.12) with
// venv, and the package registry the first time. The outcome must be that of outcome.json, which docs/compatibility.md
// shows; `--write` writes it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSIONS, type Version } from '../../../src/model/files/xgboost-forms.fixture.ts'
import { loadXgboostModel, MODEL_FORMATS } from '../../../src/model/index.ts'
import { CACHE, pythonOf } from '../python.ts'
import { xgboostEnvironment } from './environments.ts'
import { type JudgedModel, judgedModels, writeModels } from './write-models.ts'

/** By version and model, by format "bit-equal" or what differs. */
type Outcome = Record<string, Record<string, Record<string, string>>>

const FOLDER = join(CACHE, 'models')
const OUTCOME = new URL('outcome.json', import.meta.url)

rmSync(FOLDER, { recursive: true, force: true })
const models = judgedModels()
writeModels(models, FOLDER)
const pythons = await Promise.all(VERSIONS.map((version) => pythonOf(xgboostEnvironment(version))))
const outcome: Outcome = Object.fromEntries(
  VERSIONS.map((version, i) => [version, judge(version, pythons[i]!, models)]),
)
if (process.argv.includes('--write')) writeFileSync(OUTCOME, `${JSON.stringify(outcome, null, 2)}\n`)
assert.deepEqual(outcome, JSON.parse(readFileSync(OUTCOME, 'utf8')))
process.stdout.write(
  `${models.length} models in ${MODEL_FORMATS.join(' and ')}: XGBoost ${VERSIONS.join(', ')} as in outcome.json\n`,
)

function judge(version: Version, python: string, models: readonly JudgedModel[]): Outcome[string] {
  const judgement = execFileSync(python, [join(import.meta.dirname, 'judge.py'), FOLDER], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  const found: Record<string, string[]> = JSON.parse(judgement)
  return Object.fromEntries(
    models.map((model) => [
      model.name,
      Object.fromEntries(
        MODEL_FORMATS.map((format) => {
          const file = `${model.name}.${format}`
          const differences = [...(found[file] ?? ['not judged']), ...rereadDifferences(model, version, file)]
          return [format, differences.length === 0 ? 'bit-equal' : differences.join('; ')]
        }),
      ),
    ]),
  )
}

/** What we make of the model after this version loaded our file and saved it again in its own spelling. */
function rereadDifferences(
  { booster, rows, margins }: JudgedModel,
  version: Version,
  file: string,
): string[] {
  const path = join(FOLDER, `resaved-${version}`, file)
  if (!existsSync(path)) return ['not saved again']
  const again = loadXgboostModel(readFileSync(path))
  const isEqual = Buffer.from(again.predictMargin(rows).buffer).equals(Buffer.from(margins.buffer))
  const isSame = again.bestIteration === booster.bestIteration && again.trees.length === booster.trees.length
  return isEqual && isSame ? [] : ['differs once saved again']
}
