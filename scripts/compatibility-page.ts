import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { FdsError } from '../src/errors.ts'
import {
  damaged,
  FORMS,
  type Form,
  REFUSALS,
  readExpected,
  readForm,
  VERSIONS,
  type Version,
} from '../src/model/files/xgboost-forms.fixture.ts'
import { type ImportanceKind, loadXgboostModel, MODEL_FORMATS, type ModelFormat } from '../src/model/index.ts'

/** The page docs/compatibility.md: what of XGBoost's model files is read, written and refused, tried case by case. */
export function compatibilityPage(): string {
  return `${[
    '# Compatibility with XGBoost',
    '',
    "Models travel in XGBoost's own files, `model.json` and the binary `model.ubj`, told apart by their first bytes.",
    'This page is made by `node scripts/docs-compatibility.ts`, which tries each case, and a test keeps it current.',
    '"Bit-equal" means: margins are the same float32, bit for bit, on rows with missing values and unknown categories,',
    'and `importance` equals `get_score` in all five kinds.',
    '',
    '## Read here, written by XGBoost',
    '',
    'Files of `test/fixtures/model/make.py`; the cases are run by `src/model/files/xgboost-model.test.ts`.',
    '',
    ...table(['booster', 'splits', 'format', ...VERSIONS], readingRows()),
    '',
    '## Written here, read by XGBoost',
    '',
    'Judged by the libraries themselves: `npm run test:interop` (`test/interop/xgboost/`). Besides margins and scores,',
    'feature names, feature types, attributes and the best iteration must arrive, probabilities must agree within 1e-6,',
    'and what the library saves again must read back bit-equal.',
    '',
    ...table(['model', 'format', ...VERSIONS], writingRows()),
    '',
    '## Refused by name',
    '',
    ...table(
      ['what', 'the error MODEL_UNSUPPORTED'],
      REFUSALS.map(({ what, damage }) => [what, refusalOf(damaged(damage))]),
    ),
    '',
    '## Good to know',
    '',
    '- Read are versions 1 to 3 of the format, written is 2.1.4, which each of them reads; a written file spells the base',
    '  score `5E-1`, a read one may spell it `[5E-1]` too.',
    '- A row holds the number of a category, as it does for XGBoost on arrays: the fraction is cut off; negative numbers,',
    '  those from 2^24 up and unknown ones go left; missing values go where the split learned.',
    '- What the categories of a data frame are called (3.1 and later) is kept for the file. Where whole numbers name other',
    '  categories than their own, a number in a row could mean either, so that such a file is refused.',
    '- Where training stopped early, predictions take the trees up to the best iteration, as the scikit-learn wrapper does.',
    '- A JSON file may have 512 MiB, the longest JavaScript text, a UBJSON file 2 GiB.',
    '- A file that is cut off, contradicts itself or could give a row an infinite margin is refused with',
    '  `MODEL_FILE_INVALID` and the place (`src/model/files/xgboost-bad-files.test.ts`).',
  ].join('\n')}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}

function readingRows(): string[][] {
  return FORMS.flatMap((form) =>
    MODEL_FORMATS.map((format) => [
      form.booster,
      form.splits,
      format,
      ...VERSIONS.map((version) => readingOf(version, form, format)),
    ]),
  )
}

function readingOf(version: Version, form: Form, format: ModelFormat): string {
  const { rows, margins, scores } = readExpected(version, form)
  const booster = loadXgboostModel(readForm(version, form, format))
  const kinds = Object.keys(scores) as ImportanceKind[]
  const isEqual =
    isDeepStrictEqual(booster.predictMargin(rows), margins) &&
    kinds.every((kind) => isDeepStrictEqual(booster.importance(kind), scores[kind]))
  return isEqual ? 'bit-equal' : 'differs'
}

function writingRows(): string[][] {
  const file = new URL('../test/interop/xgboost/outcome.json', import.meta.url)
  const outcome: Record<string, Record<string, Record<string, string>>> = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  const models = Object.keys(outcome[VERSIONS[0]] ?? {})
  return models.flatMap((model) =>
    MODEL_FORMATS.map((format) => [
      model,
      format,
      ...VERSIONS.map((version) => outcome[version]?.[model]?.[format] ?? 'not judged'),
    ]),
  )
}

function refusalOf(bytes: Uint8Array): string {
  try {
    loadXgboostModel(bytes)
  } catch (error) {
    if (error instanceof FdsError && error.code === 'MODEL_UNSUPPORTED') return error.message
    throw error
  }
  return 'is read'
}
