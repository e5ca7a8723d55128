// %% title
/*
# 2-2. MLflow 모델 레지스트리

**학습 목표.** 이 노트북을 마치면 다음을 할 수 있습니다.

- 실행(run), 기록된 모델(logged model), 버전(version), 별칭(alias)이 어떻게 이어지는지 그림으로 설명합니다.
- 2-1에서 찾은 모델을 등록하고, 코드에 버전 번호를 적지 않고 `models:/fraud_detector@champion`으로 부릅니다.
- MLflow의 단계(stage)가 왜 사라졌고 별칭이 무엇을 해결하는지 말합니다.
- 승격과 롤백을 한 단계로 실행하고, 누가 언제 왜 바꿨는지 변경 이력에서 찾습니다.
- 별칭만 옮기면 왜 사고가 나는지 숫자로 보이고, 정책을 모델과 함께 옮깁니다.

**걸리는 시간.** 읽고 푸는 데 60~90분, 전체 실행은 1분 안쪽입니다.

**알아야 할 것.** TypeScript의 `async`/`await`, 그리고 2-1의 실행과 지표입니다. 2-1을 실행해 두지 않아도 됩니다.
같은 모델을 여기에서 다시 학습합니다.

**쓰는 법.** 개념과 예제를 읽고 TODO 셀의 빈칸을 채웁니다 → 체크포인트를 실행합니다 → 막히면 접혀 있는 정답을 펼칩니다.
*/

// %% imports
import assert from 'node:assert/strict'
import {
  aliasHistory,
  averagePrecisionScore,
  type Booster,
  calculateFdsMetrics,
  contentDigest,
  createDataset,
  createPolicy,
  FdsError,
  featureNames,
  findOptimalThreshold,
  isTrackingError,
  logInput,
  logMetrics,
  logModel,
  logParams,
  MlflowClient,
  type ModelInfo,
  precisionRecallCurve,
  promote,
  rocAucScore,
  rollback,
  setExperiment,
  startRun,
  trainBooster,
} from 'fds-system'
import { parse } from 'yaml'
import { type LoadedModel, loadModel } from '../../src/pipeline/load-model.ts'
import { COLORS } from '../../src/tuning/analysis/draw-svg.ts'
import { BEST_PARAMS } from '../lib/best-params.ts'
import { courseHome, courseService, TODO } from '../lib/course.ts'
import { diagram } from '../lib/diagram.ts'
import { freshRegistry, removeModel } from '../lib/fresh-registry.ts'
import { coursePayments } from '../lib/payments.ts'
import { chart, show, table } from '../lib/show.ts'

// %% concept
/*
## 1. 레지스트리: 지금 판정하는 모델이 무엇인지 아는 곳

**왜 필요한가?** 새벽 3시, 차단율이 0.5 %에서 4 %로 뛰었습니다. 서버에는 `model_final.json`과 `model_final_v2_real.json`이
있습니다. 어느 쪽이 지금 판정하는지, 누가 올렸는지, 무슨 데이터로 학습했는지 아무도 모릅니다. 되돌릴 파일은 덮어쓰였습니다.
알아내는 데 2시간이 걸렸다면 시간당 거래 1만 건에서 700건이 잘못 막힌 셈입니다(2시간 × 1만 건 × 3.5 %).

모델 레지스트리(model registry)는 이 질문에 한 번의 호출로 답합니다. 알아야 할 말은 다섯 개입니다.

| 용어 | 뜻 | 바뀌는가 |
| --- | --- | --- |
| 실행(run) | 학습 한 번. 파라미터와 지표가 남습니다 | 끝나면 기록으로 남습니다 |
| 기록된 모델(logged model) | 그 학습이 만든 모델 폴더. 번호는 `m-…`입니다 | 바뀌지 않습니다 |
| 등록 모델(registered model) | `fraud_detector`처럼 용도를 나타내는 이름 | 버전이 늘어납니다 |
| 버전(version) | 그 이름에 속한 1, 2, 3 … | 바뀌지 않습니다 |
| 별칭(alias) | 버전을 가리키는 이름. `champion` 따위입니다 | **옮겨 다닙니다** |

움직이는 것은 별칭뿐입니다. 그래서 배포는 파일 복사가 아니라 "별칭이 가리키는 번호를 바꾸는 일"이 됩니다.

레지스트리와 말하는 도구가 `MlflowClient`입니다. 메서드 이름은 Python의 것을 camelCase로 적은 것과 같습니다
(`get_registered_model` → `getRegisteredModel`). 우리 서버에도, MLflow의 원래 서버에도 그대로 씁니다.

**생각해 볼 질문.** 레지스트리에 물었는데 대답이 오지 않았습니다. "그런 모델은 없다"로 받아들이면 어떤 사고가 날까요?
*/

// %% example
// npm start와 같은 서비스를 빈 포트에 띄웁니다. 판정, 추적, 레지스트리가 한 주소에 있습니다.
const service = await courseService(courseHome('2-2'))
const client = new MlflowClient(service.address)

// 실패한 호출이 무슨 코드를 주는지 봅니다.
const codeOfError = (error: unknown): string => {
  if (isTrackingError(error)) return error.details.errorCode
  return error instanceof FdsError ? error.code : '알 수 없는 오류'
}
const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => '성공', codeOfError)

await removeModel(client, 'first_model')
const absent = await codeOf(client.getRegisteredModel('first_model'))
await client.createRegisteredModel('first_model', { description: '연결을 확인하려고 만든 이름' })
const present = await codeOf(client.getRegisteredModel('first_model'))
const again = await codeOf(client.createRegisteredModel('first_model'))
// 9번 포트에는 아무도 없습니다. maxRetries를 0으로 두어 바로 포기하게 합니다.
const nobody = new MlflowClient({ uri: 'http://127.0.0.1:9', maxRetries: 0 })
const unreachable = await codeOf(nobody.getRegisteredModel('first_model'))

await show(
  diagram({
    title: '레지스트리의 다섯 낱말',
    boxes: {
      run: [0, 0, '실행', '파라미터와 지표'],
      logged: [1, 0, '기록된 모델', '모델 폴더 m-…'],
      version: [2, 0, '버전 1, 2, 3 …', '등록 모델에 속한다'],
      service: [1, 1, '서비스', '거래를 판정한다'],
      alias: [2, 1, '별칭 champion', '움직이는 이름'],
    },
    arrows: [
      ['run', 'logged', '만든다'],
      ['logged', 'version', '등록'],
      ['service', 'alias', '묻는다'],
      ['alias', 'version', '가리킨다'],
    ],
  }),
  table(
    ['무엇을 물었나', '결과', '뜻'],
    [
      ['만들기 전의 이름', absent, '대답이 왔고, 그런 이름은 없습니다'],
      ['만든 뒤의 이름', present, '등록 모델이 있습니다(아직 버전은 없습니다)'],
      ['같은 이름을 한 번 더 만들기', again, '이미 있습니다'],
      ['아무도 없는 주소', unreachable, '대답이 없습니다. 있는지 없는지 모릅니다'],
    ],
  ),
)

// %% exercise 1
/*
### 실습 1. MlflowClient 연결

레지스트리에 연결하고, 이름이 등록되어 있는지 묻는 함수를 만드십시오.

- `connect(uri)`: 그 주소의 서버와 말하는 `MlflowClient`를 돌려줍니다.
- `hasModel(client, name)`: 등록 모델이 있으면 `true`, 없으면 `false`를 돌려줍니다.
- 서버에 닿지 못하면 `false`가 아니라 **오류를 그대로 던져야** 합니다.

힌트: `isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')`는 서버가 "없다"고 대답했을 때만 참입니다.
위 표의 코드 네 개를 다시 보십시오.
*/

// %% todo 1
let connect: (uri: string) => MlflowClient = (uri) => {
  // TODO: uri에 연결하는 MlflowClient를 만듭니다.
  return TODO
}

let hasModel: (client: MlflowClient, name: string) => Promise<boolean> = async (client, name) => {
  // TODO: getRegisteredModel이 성공하면 true를 돌려줍니다.
  // TODO: 서버가 "없다"고 대답하면 false를 돌려줍니다.
  // TODO: 그 밖의 오류는 다시 던집니다.
  return TODO
}

// %% solution 1
// 정답 1
connect = (uri) => new MlflowClient(uri)

hasModel = async (client, name) => {
  try {
    await client.getRegisteredModel(name)
    return true
  } catch (error) {
    if (isTrackingError(error, 'RESOURCE_DOES_NOT_EXIST')) return false
    throw error
  }
}

const connected = connect(service.address)
await show(
  table(
    ['이름', '등록되어 있나'],
    [
      ['first_model', (await hasModel(connected, 'first_model')) ? '예' : '아니요'],
      ['no_such_model', (await hasModel(connected, 'no_such_model')) ? '예' : '아니요'],
    ],
  ),
)

// %% mistake 1: 서버에 닿지 못한 것과 모델이 없는 것은 다릅니다
connect = (uri) => new MlflowClient(uri)
hasModel = async (client, name) => {
  try {
    await client.getRegisteredModel(name)
    return true
  } catch {
    return false
  }
}

// %% checkpoint 1
const probe = connect(service.address)
assert(
  probe instanceof MlflowClient,
  '체크포인트 1: connect가 아직 빈칸입니다. new MlflowClient(uri)를 돌려주십시오.',
)
assert.equal(
  probe.uri,
  service.address,
  '체크포인트 1: connect가 다른 주소에 연결합니다. uri를 그대로 넘겼는지 보십시오.',
)
const found = await hasModel(probe, 'first_model').catch(() => '오류')
assert(
  found !== undefined,
  '체크포인트 1: hasModel이 아직 빈칸입니다. getRegisteredModel을 부르는 데서 시작하십시오.',
)
assert.equal(
  found,
  true,
  '체크포인트 1: 있는 모델 first_model에 true가 나오지 않습니다. await를 빠뜨리지 않았는지 보십시오.',
)
const missing = await hasModel(probe, 'no_such_model').catch(() => '오류')
assert.equal(
  missing,
  false,
  '체크포인트 1: 없는 모델에는 false여야 합니다. RESOURCE_DOES_NOT_EXIST를 잡았는지 확인하십시오.',
)
const silent = await hasModel(nobody, 'first_model').catch(() => '오류')
assert.equal(
  silent,
  '오류',
  '체크포인트 1: 서버에 닿지 못한 것과 모델이 없는 것은 다릅니다. 모르는 오류는 다시 던지십시오.',
)
console.log('✅ 체크포인트 1 통과: 있다, 없다, 모른다를 구별합니다.')

// %% concept
/*
## 2. 실행에서 버전으로: 모델의 족보

**왜 필요한가?** 감사팀이 묻습니다. "3월 14일에 이 거래를 막은 모델은 어떤 데이터와 파라미터로 학습했습니까?" 파일만 남아 있으면
트리 497그루가 들어 있다는 것밖에 모릅니다. 학습률도, 검증 점수도, 임곗값(threshold)을 고른 비용도 파일에는 없습니다.

그래서 등록은 파일을 복사하는 일이 아니라 **족보(lineage)를 잇는 일**입니다.

1. `startRun` 안에서 파라미터, 지표, 읽은 데이터의 해시를 남깁니다.
2. `logModel`이 모델 폴더를 그 실행에 붙입니다. 이것이 기록된 모델 `m-…`입니다.
3. `createRegisteredModel`이 이름을 만듭니다. 처음 한 번만 필요합니다.
4. `createModelVersion`이 기록된 모델을 가리키는 새 버전을 만듭니다. 번호는 서버가 매기고, 지운 번호는 다시 쓰지 않습니다.

명세의 `mlflow.register_model(model_uri, name)`은 3과 4를 묶은 것입니다. 2에서 `registeredModelName`을 주면 한 번에 끝납니다.

모델 폴더에는 트리만 있지 않습니다. 원래 거래를 숫자로 바꾸는 피처 명세(`features.json`)와, 점수로 무엇을 할지 정하는
정책(policy, `policy.json`)이 함께 있습니다. 4장에서 이 파일이 왜 트리 옆에 있어야 하는지 봅니다.

**생각해 볼 질문.** 같은 기록된 모델을 두 번 등록하면 버전은 하나일까요, 둘일까요?
*/

// %% example
// 작은 모델 하나로 전체 길을 걸어 봅니다. 거래 10만 건은 언제나 같습니다.
const { spec, train, valid, test } = coursePayments()
const names = featureNames(spec)
await setExperiment('fraud_registry')
await removeModel(client, 'first_model')

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength)
const small = await startRun({ runName: '작은 모델' }, async () => {
  const booster = trainBooster(
    { nEstimators: 30, maxDepth: 3, scalePosWeight: 20, seed: 2026 },
    { x: train.x, y: train.y, featureNames: names },
  )
  await logInput(
    createDataset({ name: 'course_train', digest: contentDigest(bytesOf(train.x.values)) }),
    { context: 'training' },
  )
  await logParams({ n_estimators: 30, max_depth: 3 })
  await logMetrics({ auprc: averagePrecisionScore(valid.y, booster.predict(valid.x)) as number })
  return logModel(booster, { spec, registeredModelName: 'first_model' })
})

// 버전에서 거꾸로 올라갑니다: 버전 → 실행 → 파라미터, 지표, 데이터
const firstVersion = await client.getModelVersion({ name: 'first_model', version: '1' })
const itsRun = await client.getRun(firstVersion.runId!)
const { dataset } = itsRun.inputs[0]!
const folder = await client.getModelVersionDownloadUri({ name: 'first_model', version: '1' })
const files = (await client.listFolder(folder)).map(({ path }) => path)
const MEANINGS: Record<string, string> = {
  MLmodel: '이 폴더를 읽는 법. Python과 우리 서비스가 모두 읽습니다',
  'model.json': '트리. XGBoost의 파일 형식입니다',
  'features.json': '피처 명세. 거래를 숫자로 바꿉니다',
  'policy.json': '정책. 임곗값과 비용입니다',
  'conda.yaml': 'Python 환경(conda)',
  'python_env.yaml': 'Python 환경(virtualenv)',
  'requirements.txt': 'Python 패키지',
}

await show(
  diagram({
    title: '버전에서 거꾸로 올라가는 족보',
    boxes: {
      version: [0, 0, 'first_model / 1', '버전'],
      logged: [1, 0, '기록된 모델', `파일 ${files.length}개`],
      run: [2, 0, '실행 "작은 모델"', `트리 ${itsRun.data.params['n_estimators']}그루`],
      metric: [2, 1, '지표', `AUPRC ${itsRun.data.metrics['auprc']!.toFixed(4)}`],
      data: [3, 0, `데이터 ${dataset.name}`, `내용의 해시 ${dataset.digest}`],
    },
    arrows: [
      ['version', 'logged', 'source'],
      ['logged', 'run', 'runId'],
      ['run', 'metric', '남긴 것'],
      ['run', 'data', 'inputs'],
    ],
  }),
  table(
    ['모델 폴더의 파일', '무엇인가'],
    files.map((file) => [file, MEANINGS[file]]),
  ),
)

// %% example
// 이제 본론입니다. 2-1의 가장 좋은 모델과, 비교할 모델 둘을 학습해 실행에 남깁니다. 등록은 아직입니다.
const train1 = (params: object) =>
  trainBooster({ ...BEST_PARAMS, ...params }, { x: train.x, y: train.y, featureNames: names })
const boosters = {
  best: train1({}),
  gentle: train1({ nEstimators: 150, maxDepth: 4, learningRate: 0.08 }),
  hasty: train1({ nEstimators: 3, maxDepth: 1, learningRate: 0.1 }),
}

// 정책은 모델마다 다릅니다: 검증 구간에서 비용(FN 100, FP 1)이 가장 작은 임곗값부터 추가 인증을 요구합니다.
const cheapestOf = (booster: Booster) =>
  findOptimalThreshold(valid.y, booster.predict(valid.x)) as { threshold: number; cost: number }
const policyFor = (booster: Booster) => {
  const { threshold } = cheapestOf(booster)
  return createPolicy({ threshold, thresholds: { verify: threshold } })
}
const policies = {
  best: policyFor(boosters.best),
  gentle: policyFor(boosters.gentle),
  hasty: policyFor(boosters.hasty),
}
const auprcOf = (booster: Booster) =>
  averagePrecisionScore(valid.y, booster.predict(valid.x)) as number

const logCandidate = (who: 'best' | 'gentle' | 'hasty'): Promise<ModelInfo> =>
  startRun({ runName: who }, async () => {
    await logMetrics({ auprc: auprcOf(boosters[who]) })
    return logModel(boosters[who], { spec, policy: policies[who] })
  })
const [best, gentle, hasty] = [
  await logCandidate('best'),
  await logCandidate('gentle'),
  await logCandidate('hasty'),
]

const curveOf = (booster: Booster) => {
  const curve = precisionRecallCurve(valid.y, booster.predict(valid.x))
  const { precision, recall } = curve as { precision: Float64Array; recall: Float64Array }
  // 재현율 0.01마다 한 점이면 그림으로 충분합니다. 재현율은 내림차순입니다.
  return Array.from({ length: 100 }, (_, percent) => {
    const at = recall.findLastIndex((value) => value >= (percent + 1) / 100)
    return [recall[at]!.toFixed(3), precision[at]!.toFixed(3)]
  })
}
await show(
  chart({
    title: '후보 셋의 정밀도와 재현율',
    subtitle: '검증 구간 2만 건. 오른쪽 위로 갈수록 좋습니다',
    option: {
      color: [COLORS.blue, COLORS.vermilion, COLORS.green, COLORS.purple],
      grid: { left: 64, right: 32, top: 96, bottom: 56 },
      legend: { top: 64, itemGap: 24, data: ['best', 'gentle', 'hasty'] },
      xAxis: { type: 'value', name: '재현율', nameLocation: 'middle', nameGap: 32, max: 1 },
      yAxis: { type: 'value', name: '정밀도', max: 1 },
      series: Object.entries(boosters).map(([name, booster]) => ({
        name,
        type: 'line',
        showSymbol: false,
        data: curveOf(booster),
      })),
    },
  }),
  table(
    ['후보', '트리', '깊이', 'AUPRC(검증)', '비용이 가장 작은 임곗값', '그 비용(검증)'],
    [
      [
        'best (2-1의 결과)',
        497,
        10,
        auprcOf(boosters.best),
        policies.best.threshold,
        cheapestOf(boosters.best).cost,
      ],
      [
        'gentle (얕고 적은 트리)',
        150,
        4,
        auprcOf(boosters.gentle),
        policies.gentle.threshold,
        cheapestOf(boosters.gentle).cost,
      ],
      [
        'hasty (서두른 모델)',
        3,
        1,
        auprcOf(boosters.hasty),
        policies.hasty.threshold,
        cheapestOf(boosters.hasty).cost,
      ],
    ],
  ),
)

// %% exercise 2
/*
### 실습 2. 2-1의 best_model 등록

기록된 모델을 등록 모델의 새 버전으로 만드는 함수를 쓰십시오. 입력은 등록 모델의 이름과 `logModel`이 돌려준
`ModelInfo`(`modelId`, `modelUri`, `runId`)이고, 출력은 새 버전의 번호(글자)입니다.

- 이름이 없으면 만듭니다. **이미 있으면 그대로 두고 버전만 더합니다.**
- 버전의 `source`는 `info.modelUri`(`models:/m-…`)입니다. `runId`와 `modelId`도 함께 넘겨 족보를 잇습니다.

힌트: 두 번째 등록에서 `createRegisteredModel`은 `RESOURCE_ALREADY_EXISTS`로 실패합니다. 실습 1처럼 그 오류만 잡으십시오.
*/

// %% todo 2
let registerVersion: (name: string, info: ModelInfo) => Promise<string> = async (name, info) => {
  // TODO: 등록 모델을 만듭니다. 이미 있다는 오류만 넘어갑니다.
  // TODO: client.createModelVersion에 name, source, runId, modelId를 넘깁니다.
  // TODO: 돌아온 버전의 번호를 돌려줍니다.
  return TODO
}

// %% solution 2
// 정답 2
registerVersion = async (name, info) => {
  try {
    await client.createRegisteredModel(name)
  } catch (error) {
    if (!isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')) throw error
  }
  const { modelUri, runId, modelId } = info
  const made = await client.createModelVersion({ name, source: modelUri, runId, modelId })
  return made.version
}

await removeModel(client, 'fraud_detector')
const bestVersion = await registerVersion('fraud_detector', best)
const bestRun = await client.getRun(best.runId)
await show(
  table(
    ['등록 모델', '버전', '실행', 'AUPRC(실행에 남은 값)'],
    [['fraud_detector', bestVersion, bestRun.info.runName, bestRun.data.metrics['auprc']]],
  ),
)

// %% mistake 2: 이미 있는 이름에서 멈춥니다
registerVersion = async (name, info) => {
  await client.createRegisteredModel(name)
  const { modelUri, runId, modelId } = info
  const made = await client.createModelVersion({ name, source: modelUri, runId, modelId })
  return made.version
}

// %% checkpoint 2
await removeModel(client, 'checkpoint_2')
const firstNumber = await registerVersion('checkpoint_2', best).catch(codeOfError)
assert(
  firstNumber !== undefined,
  '체크포인트 2: registerVersion이 아직 빈칸입니다. 이름을 만들고, 버전을 만들고, 번호를 돌려주십시오.',
)
assert.equal(
  firstNumber,
  '1',
  '체크포인트 2: 첫 버전은 글자 "1"이어야 합니다. createModelVersion이 준 version을 돌려주십시오.',
)
const secondNumber = await registerVersion('checkpoint_2', gentle).catch(codeOfError)
assert.notEqual(
  secondNumber,
  'RESOURCE_ALREADY_EXISTS',
  '체크포인트 2: 이미 있는 이름에서 멈춥니다. RESOURCE_ALREADY_EXISTS는 넘어가십시오.',
)
assert.equal(
  secondNumber,
  '2',
  '체크포인트 2: 두 번째 등록은 버전 "2"여야 합니다. 이름을 지우고 다시 만들지 않았는지 보십시오.',
)
for (const [version, info] of [
  ['1', best],
  ['2', gentle],
] as const) {
  const made = await client.getModelVersion({ name: 'checkpoint_2', version })
  assert.equal(
    made.source,
    info.modelUri,
    `체크포인트 2: 버전 ${version}의 source가 info.modelUri가 아닙니다. 어느 모델의 파일입니까?`,
  )
  assert.equal(
    made.runId,
    info.runId,
    `체크포인트 2: 버전 ${version}에서 실행을 찾을 수 없습니다. runId를 넘겼는지 보십시오.`,
  )
}
assert.equal(
  auprcOf(boosters.best),
  0.6989388053763441,
  '체크포인트 2: best의 AUPRC가 2-1의 값과 다릅니다. BEST_PARAMS를 보십시오.',
)
console.log(
  '✅ 체크포인트 2 통과: 2-1의 모델이 버전이 되었고, 버전에서 실행까지 거슬러 올라갑니다.',
)

// %% concept
/*
## 3. 단계(stage)가 아니라 별칭(alias)

**왜 필요한가?** 판정 서버의 코드에 `models:/fraud_detector/7`이라고 적혀 있습니다. 버전 7이 사고를 냈습니다. 되돌리려면 숫자를
고치고, 리뷰를 받고, 빌드하고, 배포합니다. 30분이 걸린다면 시간당 거래 1만 건에서 5천 건이 사고 난 모델로 판정됩니다.

처음에 MLflow는 단계를 두었습니다. 버전마다 `Staging`, `Production`, `Archived` 가운데 하나가 붙습니다. 운영해 보니 세 칸으로는
모자랐습니다. A/B 테스트를 하면 운영 중인 모델이 둘입니다. 국가별로 모델이 다르면 셋입니다. 그래서 MLflow 2.9부터 단계를
쓰지 말라고 하고(deprecated), 별칭을 권합니다.

| 구분 | 단계(deprecated) | 별칭(권장) |
| --- | --- | --- |
| 이름 | 정해진 것만 | 마음대로: `champion`, `challenger`, `champion_kr` |
| 가리키는 곳 | 한 단계에 버전이 여럿일 수 있습니다 | **언제나 버전 하나** |
| 주소 | `models:/fraud_detector/Production` | `models:/fraud_detector@champion` |
| 되돌리기 | 두 버전의 단계를 다시 바꿉니다 | 별칭 하나를 옮깁니다 |
| 우리 서버 | 거절하고 별칭을 쓰라고 알려 줍니다 | 모든 이동을 변경 이력에 적습니다 |

주의할 것이 하나 있습니다. `models:/fraud_detector/latest`는 "가장 좋은 버전"이 아니라 "가장 나중에 등록된 버전"입니다. 재학습이
밤마다 버전을 더하면, `latest`를 읽는 서버는 아무도 검토하지 않은 모델로 판정합니다.

**생각해 볼 질문.** 별칭이 버전 하나만 가리킨다는 제약은 왜 단점이 아니라 장점일까요?
*/

// %% example
// 장마다 같은 출발점: 버전 1은 best, 버전 2는 gentle입니다.
await freshRegistry(client, 'fraud_detector', [best, gentle])
const name = 'fraud_detector'

// 예전 방식은 우리 서버가 거절합니다.
const stage = await codeOf(
  client.transitionModelVersionStage({ name, version: '1', stage: 'Production' }),
)

// 별칭을 붙이고, 코드는 언제나 같은 주소로 부릅니다.
const ADDRESS = 'models:/fraud_detector@champion'
const openClient = async () => client
const early = await codeOf(loadModel(ADDRESS, openClient))
await client.setRegisteredModelAlias({ name, alias: 'champion', version: '1' })
const before = await loadModel(ADDRESS, openClient)
await client.setRegisteredModelAlias({ name, alias: 'champion', version: '2' })
const after = await loadModel(ADDRESS, openClient)

// 점수가 학습할 때의 모델과 완전히 같은지 2만 건에서 셉니다.
const differences = (a: Float32Array, b: Float32Array) =>
  a.reduce((count, value, at) => count + (value === b[at] ? 0 : 1), 0)
const scores = { best: boosters.best.predict(test.x), gentle: boosters.gentle.predict(test.x) }

const BANDS = [0, 0.0001, 0.001, 0.01, 0.1, 1.01]
const countsOf = (values: Float32Array) =>
  BANDS.slice(1).map((to, at) => values.filter((p) => p >= BANDS[at]! && p < to).length)
await show(
  chart({
    title: '주소는 같고 모델이 바뀌었습니다',
    subtitle: `${ADDRESS}로 시험 구간 2만 건에 매긴 점수의 분포`,
    option: {
      color: [COLORS.blue, COLORS.vermilion, COLORS.green, COLORS.purple],
      grid: { left: 72, right: 32, top: 96, bottom: 56 },
      legend: { top: 64, itemGap: 24 },
      xAxis: {
        type: 'category',
        name: '점수',
        nameLocation: 'middle',
        nameGap: 32,
        data: ['0.0001 미만', '0.001 미만', '0.01 미만', '0.1 미만', '0.1 이상'],
      },
      yAxis: { type: 'value', name: '거래 수' },
      series: [
        { name: '옮기기 전(버전 1)', type: 'bar', data: countsOf(before.booster.predict(test.x)) },
        { name: '옮긴 뒤(버전 2)', type: 'bar', data: countsOf(after.booster.predict(test.x)) },
      ],
    },
  }),
  table(
    ['한 일', '결과'],
    [
      ['버전 1을 Production 단계로', `거절(${stage})`],
      ['champion을 붙이기 전에 부르기', `실패(${early})`],
      ['champion → 1, 부르기', `버전 ${before.version}`],
      ['champion → 2, 같은 줄을 다시 부르기', `버전 ${after.version}`],
      [
        '버전 1의 점수가 학습한 모델과 다른 거래',
        differences(before.booster.predict(test.x), scores.best),
      ],
      [
        '버전 2의 점수가 학습한 모델과 다른 거래',
        differences(after.booster.predict(test.x), scores.gentle),
      ],
    ],
  ),
)

// %% concept
/*
## 4. 별칭 하나로는 부족합니다: 정책은 모델과 함께 움직입니다

**왜 필요한가?** 위 그림을 다시 보십시오. 같은 거래인데 두 모델의 점수대가 전혀 다릅니다. best는 대부분의 거래에 0.001도 주지 않고,
gentle은 대부분 0.001을 넘깁니다. 임곗값을 서버 설정 파일에 적어 둔 팀이 있다고 합시다. best에 맞춘 0.0019입니다. 누군가 별칭만
gentle로 옮겼습니다. **1분 뒤 거래 네 건 가운데 세 건에 추가 인증이 걸립니다.** 모델도 별칭도 고장 나지 않았습니다.

점수(score)는 순서를 정할 뿐, 몇 점부터 사기로 볼지는 모델마다 다릅니다. `scalePosWeight: 20`처럼 사기의 무게를 키워 학습하면 점수는
확률보다 부풀려지고, 부푸는 정도는 트리의 수와 깊이에 따라 다릅니다.

| 방법 | 별칭을 옮기면 | 롤백하면 |
| --- | --- | --- |
| 임곗값을 서버 설정에 | 새 모델에 옛 임곗값 | 설정도 잊지 말고 되돌려야 합니다 |
| 임곗값을 버전의 태그에 | 서버가 태그를 읽으면 함께 | 그사이 누가 태그를 고쳤으면 다른 값 |
| **정책을 모델 폴더에** (이 시스템) | 함께 바뀝니다 | 함께 돌아옵니다 |

정책은 임곗값, 위험 등급(risk level)의 경계, 그 값을 고른 비용을 담은 불변 값이고, 내용의 해시가 정책의 버전(`p-…`)입니다. 임곗값만
바꾸고 싶다면 같은 트리에 다른 정책을 담은 새 버전을 만듭니다(`npx fds models policy`).

**생각해 볼 질문.** best의 임곗값 0.0019와 gentle의 임곗값 0.18은 백 배 차이입니다. best가 백 배 엄격한 모델일까요?
*/

// %% example
// 임곗값 t에서 시험 구간 2만 건의 비용: 놓친 사기 100, 오탐 1
const costAt = (values: Float32Array, threshold: number) =>
  calculateFdsMetrics(test.y, values, { threshold }) as {
    cost: number
    fp: number
    fn: number
    tp: number
  }
const thresholds = Array.from({ length: 60 }, (_, at) => 10 ** (-4 + (4 * at) / 60))
const costCurve = (values: Float32Array) =>
  thresholds.map((t) => [t.toPrecision(3), costAt(values, t).cost])
const [t1, t2] = [policies.best.threshold, policies.gentle.threshold]
const mark = (values: Float32Array, t: number) => [t, costAt(values, t).cost]

const rowOf = (what: string, values: Float32Array, t: number) => {
  const { cost, fp, fn, tp } = costAt(values, t)
  return [what, t, tp + fp, fn, cost]
}

await show(
  chart({
    title: '임곗값에 따른 비용',
    subtitle: '시험 구간 2만 건, FN 100, FP 1. 점은 실제로 쓰게 되는 임곗값입니다',
    option: {
      color: [COLORS.blue, COLORS.vermilion, COLORS.green, COLORS.purple],
      grid: { left: 72, right: 32, top: 104, bottom: 56 },
      legend: { top: 64, itemGap: 24 },
      xAxis: {
        type: 'log',
        name: '임곗값(로그)',
        nameLocation: 'middle',
        nameGap: 32,
        min: 0.0001,
        max: 1,
      },
      yAxis: { type: 'value', name: '비용' },
      series: [
        { name: '버전 1(best)', type: 'line', showSymbol: false, data: costCurve(scores.best) },
        { name: '버전 2(gentle)', type: 'line', showSymbol: false, data: costCurve(scores.gentle) },
        {
          name: '정책도 함께',
          type: 'scatter',
          symbolSize: 13,
          data: [mark(scores.best, t1), mark(scores.gentle, t2)],
        },
        {
          name: '별칭만',
          type: 'scatter',
          symbol: 'diamond',
          symbolSize: 16,
          data: [mark(scores.gentle, t1), mark(scores.best, t2)],
        },
      ],
    },
  }),
  table(
    ['무엇을 옮겼나', '임곗값', '사기로 본 거래', '놓친 사기', '비용'],
    [
      rowOf('버전 1 + 자기 정책', scores.best, t1),
      rowOf('버전 2 + 자기 정책', scores.gentle, t2),
      rowOf('별칭만 1 → 2 (임곗값은 버전 1의 것)', scores.gentle, t1),
      rowOf('별칭만 2 → 1 (임곗값은 버전 2의 것)', scores.best, t2),
    ],
  ),
)

// %% exercise 3
/*
### 실습 3. Champion alias 설정 및 로드

`champion`을 옮기는 함수와, 별칭으로 모델을 불러오는 함수를 만드십시오.

- `setChampion(name, version, reason)`: 별칭 `champion`을 그 버전으로 옮깁니다. `reason`은 변경 이력에 남습니다.
- `loadChampion(name)`: 지금의 챔피언을 불러옵니다. 돌아오는 값에는 `booster`, `spec`, `policy`, `version`이 있습니다.

힌트: `client.setRegisteredModelAlias({ name, alias, version, reason })`과 `loadModel(주소, openClient)`을 쓰십시오.
주소에 버전 번호가 들어가면 별칭을 옮겨도 모델이 바뀌지 않습니다.
*/

// %% todo 3
let setChampion: (name: string, version: string, reason: string) => Promise<void> = async (
  name,
  version,
  reason,
) => {
  // TODO: 별칭 champion을 version으로 옮기고 reason을 남깁니다.
  return TODO
}

let loadChampion: (name: string) => Promise<LoadedModel> = async (name) => {
  // TODO: 별칭으로 된 주소를 만들어 loadModel을 부릅니다.
  return TODO
}

// %% solution 3
// 정답 3
setChampion = (name, version, reason) =>
  client.setRegisteredModelAlias({ name, alias: 'champion', version, reason })

loadChampion = (name) => loadModel(`models:/${name}@champion`, openClient)

await setChampion('fraud_detector', '1', '2-1에서 고른 모델로 시작')
const champion = await loadChampion('fraud_detector')
await show(
  table(
    ['챔피언', '트리', '정책', '임곗값', '첫 거래의 점수'],
    [
      [
        `버전 ${champion.version}`,
        champion.booster.trees.length,
        champion.policy.version,
        champion.policy.threshold,
        champion.booster.predict(test.x)[0],
      ],
    ],
  ),
)

// %% mistake 3: latest는 가장 나중에 등록된 버전입니다
setChampion = (name, version, reason) =>
  client.setRegisteredModelAlias({ name, alias: 'champion', version, reason })
loadChampion = (name) => loadModel(`models:/${name}/latest`, openClient)

// %% checkpoint 3
await freshRegistry(client, 'checkpoint_3', [best, gentle])
await setChampion('checkpoint_3', '1', '시험 1')
const aliases3 = (await client.getRegisteredModel('checkpoint_3')).aliases
assert.equal(
  aliases3['champion'],
  '1',
  '체크포인트 3: setChampion 뒤에 champion이 버전 1을 가리키지 않습니다. alias와 version을 보십시오.',
)
const loaded1 = await loadChampion('checkpoint_3').catch(codeOfError)
assert(
  loaded1 !== undefined,
  '체크포인트 3: loadChampion이 아직 빈칸입니다. 별칭으로 된 주소로 loadModel을 부르십시오.',
)
assert(
  typeof loaded1 !== 'string',
  `체크포인트 3: 모델을 불러오지 못했습니다(${loaded1}). 주소가 models:/이름@champion 꼴인지 확인하십시오.`,
)
assert.equal(
  loaded1.version,
  '1',
  '체크포인트 3: 챔피언이 아닌 버전이 왔습니다. latest는 가장 나중에 등록된 버전입니다.',
)
assert.equal(
  differences(loaded1.booster.predict(test.x), scores.best),
  0,
  '체크포인트 3: 불러온 모델의 점수가 best와 다릅니다. 이름이 checkpoint_3인 모델을 불렀는지 확인하십시오.',
)
await setChampion('checkpoint_3', '2', '시험 2')
const loaded2 = await loadChampion('checkpoint_3')
assert.equal(
  loaded2.version,
  '2',
  '체크포인트 3: 별칭을 옮겨도 모델이 그대로입니다. 주소에 버전 번호를 적지 않았는지 보십시오.',
)
assert.equal(
  loaded2.policy.version,
  policies.gentle.version,
  '체크포인트 3: 정책이 모델과 함께 오지 않았습니다. loadModel이 돌려준 값을 통째로 돌려주십시오.',
)
const reasons3 = (await aliasHistory({ client, name: 'checkpoint_3', maxResults: 2 })).items
assert.deepEqual(
  reasons3.map(({ reason }) => reason),
  ['시험 2', '시험 1'],
  '체크포인트 3: 변경 이력에 이유가 남지 않았습니다. reason을 함께 넘기십시오.',
)
console.log('✅ 체크포인트 3 통과: 같은 주소가 별칭을 따라가고, 점수와 정책이 함께 왔습니다.')

// %% concept
/*
## 5. 챔피언과 챌린저: 승격과 롤백은 한 단계로

**왜 필요한가?** 챌린저 버전 2를 챔피언으로 올리려고 합니다. MLflow의 호출로는 세 번입니다. `previous_champion`을 1로, `champion`을
2로, `challenger`를 지웁니다. 두 번째와 세 번째 사이에 프로그램이 죽으면 어떻게 될까요? 챔피언과 챌린저가 둘 다 버전 2가 되고,
A/B 테스트는 같은 모델 둘을 비교합니다. 순서를 잘못 짰다면 `previous_champion`이 새 챔피언을 가리켜 롤백이 아무 일도 하지 않습니다.

더 조용한 사고도 있습니다. 민지와 준호가 둘 다 "지금 챔피언은 1"인 화면을 보고 있습니다. 민지가 2를 올리고, 1초 뒤 준호가 3을 올립니다.
둘 다 성공 메시지를 보았고, 민지의 승격은 1초 만에 사라졌습니다.

그런데 왜 gentle을 챌린저로 세울까요? 2-1은 AUPRC로 best를 골랐습니다(검증 0.6989 대 0.6551). 비용으로 재면 시험 구간에서 gentle이
3,600, best가 3,987입니다. **AUPRC가 높은 모델이 더 싼 모델은 아닙니다.** 다만 놓친 사기 25건과 31건의 차이라 우연일 수 있습니다.
그래서 바로 올리지 않고 챌린저로 비교합니다(2-5에서 합니다).

이 시스템의 `promote`는 두 문제를 함께 풉니다.

- **한 단계(transaction).** 별칭 세 개와 변경 이력이 모두 바뀌거나 하나도 바뀌지 않습니다.
- **비교 후 교체(compare and set).** `expectedChampion`에 자기가 본 챔피언을 적습니다. 그사이 바뀌었으면 `CHAMPION_MOVED`로 거절합니다.
- **변경 이력(alias history).** 누가, 어떤 별칭을, 어디에서 어디로, 왜 옮겼는지 남습니다. 더할 수만 있고, 고칠 수 없고,
  등록 모델을 지워도 사라지지 않습니다.
- **롤백(rollback).** 변경 이력을 읽어 바로 앞의 챔피언으로 돌아갑니다. 누군가 평범한 MLflow 호출로 옮겼어도 맞게 돌아갑니다.

| 별칭 | 뜻 | 서비스는 |
| --- | --- | --- |
| `champion` | 실제로 판정하는 버전 | 판정합니다 |
| `challenger` | 비교하는 버전 | A/B 테스트가 열리면 나누어 판정하고, 반대쪽은 섀도 점수만 남깁니다 |
| `previous_champion` | 되돌아갈 버전 | 쓰지 않습니다 |

**생각해 볼 질문.** 롤백을 두 번 하면 어느 버전이 챔피언일까요?
*/

// %% example
// 버전 1은 best, 2는 gentle, 3은 hasty입니다. 두 사람이 같은 순간에 승격합니다.
await freshRegistry(client, name, [best, gentle, hasty])
await promote({ client, name, version: '1', actor: '민지', reason: '첫 챔피언' })
await client.setRegisteredModelAlias({
  name,
  alias: 'challenger',
  version: '2',
  actor: '민지',
  reason: '비교 시작',
})

const seen = (await client.getRegisteredModel(name)).aliases['champion']
const attempts = {
  민지: await codeOf(
    promote({
      client,
      name,
      version: '2',
      expectedChampion: seen,
      actor: '민지',
      reason: '비용 10 % 감소',
    }),
  ),
  준호: await codeOf(
    promote({ client, name, version: '3', expectedChampion: seen, actor: '준호', reason: '급함' }),
  ),
}
const aliasesNow = Object.entries((await client.getRegisteredModel(name)).aliases)
const ACTIONS: Record<string, string> = {
  promote: '승격',
  rollback: '롤백',
  set_alias: '별칭 지정',
}
const historyTable = async (model: string) => {
  // 이력은 새것부터 옵니다. 등록 모델을 지우고 다시 만들어도 남으므로, 이번 장의 것만 보입니다.
  const { items: all } = await aliasHistory({ client, name: model })
  const start = all.findIndex(({ action }) => action === 'delete_model')
  const items = start < 0 ? all : all.slice(0, start)
  return table(
    ['순서', '별칭', '전', '후', '동작', '누가', '왜'],
    items
      .toReversed()
      .map(({ alias, fromVersion, toVersion, action, actor, reason }, at) => [
        at + 1,
        alias,
        fromVersion,
        toVersion,
        ACTIONS[action],
        actor,
        reason,
      ]),
  )
}

await show(
  table(
    ['누가', '본 챔피언', '올린 버전', '결과'],
    [
      ['민지', seen, '2', attempts.민지],
      ['준호', seen, '3', attempts.준호],
    ],
  ),
  table(['별칭', '버전'], aliasesNow),
)
await show(await historyTable(name))

// %% example
// 실행 중인 서비스에 같은 거래를 보내며 승격하고 되돌립니다. 서비스는 다시 띄우지 않습니다.
const PAYMENT = {
  amount: 812.5,
  channel: 'online',
  is_new_device: true,
  auth_method: 'none',
  count_1h: 8,
  amount_over_mean: 9,
  transaction_time: '2026-06-01T03:00:00Z',
}
const LEVELS: Record<string, string> = {
  approve: '승인',
  verify: '추가 인증',
  hold: '보류',
  block: '차단',
}
interface Decision {
  fraud_probability: number
  risk_level: string
  model: { version: string }
}
let sent = 0
const decide = async (): Promise<Decision | undefined> => {
  sent += 1
  // 판정은 거래 번호마다 한 번만 하고 저장하므로, 보낼 때마다 새 번호를 씁니다.
  const response = await fetch(`${service.address}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...PAYMENT, transaction_id: `registry-${sent}` }),
  })
  const answer = await response.json()
  return response.ok ? (answer as Decision) : undefined
}
// 서비스는 별칭을 계속 지켜보다가 옮겨지면 새 모델로 바꿉니다. 그 순간까지 기다립니다.
const decideBy = async (version: string): Promise<Decision> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const decision = await decide()
    if (decision?.model.version === version) return decision
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`서비스가 10초 안에 버전 ${version}으로 바뀌지 않았습니다`)
}

await freshRegistry(client, name, [best, gentle])
const moves: { what: string; decision: Decision; previous: string | undefined }[] = []
const step = async (what: string, move: Promise<{ version: string }>) => {
  const { version } = await move
  const { aliases } = await client.getRegisteredModel(name)
  moves.push({ what, decision: await decideBy(version), previous: aliases['previous_champion'] })
}
await step('첫 승격', promote({ client, name, version: '1', actor: '민지', reason: '첫 챔피언' }))
await step('승격', promote({ client, name, version: '2', actor: '민지', reason: '비용 감소' }))
await step('롤백', rollback({ client, name, actor: '당직', reason: '고객 문의 급증' }))
await step('롤백 취소', rollback({ client, name, actor: '당직', reason: '원인은 다른 곳' }))

await show(
  chart({
    title: '챔피언이 걸어온 길',
    subtitle: '서비스를 다시 띄우지 않고 별칭만 움직였습니다',
    option: {
      color: [COLORS.blue, COLORS.vermilion, COLORS.green, COLORS.purple],
      grid: { left: 64, right: 40, top: 96, bottom: 40 },
      legend: { top: 64, itemGap: 24 },
      xAxis: { type: 'category', data: moves.map(({ what }) => what) },
      yAxis: { type: 'value', name: '버전', min: 0, max: 3, interval: 1 },
      series: [
        {
          name: '판정한 버전(champion)',
          type: 'line',
          step: 'middle',
          symbolSize: 11,
          data: moves.map(({ decision }) => Number(decision.model.version)),
        },
        {
          name: '되돌아갈 버전(previous_champion)',
          type: 'scatter',
          symbol: 'diamond',
          symbolSize: 13,
          data: moves.map(({ previous }) => (previous === undefined ? '-' : Number(previous))),
        },
      ],
    },
  }),
  table(
    ['한 일', '판정한 버전', '같은 거래의 점수', '추가 인증부터', '위험 등급', '되돌아갈 버전'],
    moves.map(({ what, decision, previous }) => [
      what,
      decision.model.version,
      decision.fraud_probability,
      decision.model.version === '1' ? t1 : t2,
      LEVELS[decision.risk_level],
      previous,
    ]),
  ),
)
await show(await historyTable(name))

// %% exercise 4
/*
### 실습 4. Challenger alias 설정

챌린저를 세우고, 챌린저를 안전하게 챔피언으로 올리는 함수를 만드십시오.

- `challenge(name, info)`: 기록된 모델을 새 버전으로 만들고 별칭 `challenger`를 붙입니다. 새 버전의 번호를 돌려줍니다.
  `champion`은 건드리지 않습니다.
- `promoteChallenger(name, seenChampion, reason)`: 지금 `challenger`가 가리키는 버전을 승격합니다. `seenChampion`이 더는
  챔피언이 아니면 `CHAMPION_MOVED`로 실패해야 합니다.

힌트: `client.getModelVersionByAlias({ name, alias })`가 버전을 줍니다. 별칭을 하나씩 옮기지 말고 `promote`에 맡기십시오.
*/

// %% todo 4
let challenge: (name: string, info: ModelInfo) => Promise<string> = async (name, info) => {
  // TODO: createModelVersion으로 새 버전을 만듭니다(source, runId, modelId).
  // TODO: 별칭 challenger를 그 버전에 붙입니다.
  // TODO: 버전의 번호를 돌려줍니다.
  return TODO
}

let promoteChallenger: (name: string, seenChampion: string, reason: string) => Promise<void> =
  async (name, seenChampion, reason) => {
    // TODO: 별칭 challenger가 가리키는 버전을 찾습니다.
    // TODO: promote에 client, name, version, expectedChampion, reason을 넘깁니다.
    return TODO
  }

// %% solution 4
// 정답 4
challenge = async (name, info) => {
  const { modelUri, runId, modelId } = info
  const made = await client.createModelVersion({ name, source: modelUri, runId, modelId })
  await client.setRegisteredModelAlias({ name, alias: 'challenger', version: made.version })
  return made.version
}

promoteChallenger = async (name, seenChampion, reason) => {
  const { version } = await client.getModelVersionByAlias({ name, alias: 'challenger' })
  await promote({ client, name, version, expectedChampion: seenChampion, reason })
}

await freshRegistry(client, 'fraud_detector', [best])
await promote({ client, name: 'fraud_detector', version: '1', reason: '첫 챔피언' })
await challenge('fraud_detector', gentle)
await promoteChallenger('fraud_detector', '1', '시험 구간 비용 3,987 → 3,600')
await show(await historyTable('fraud_detector'))

// %% mistake 4: previous_champion이 없어 돌아갈 곳이 없습니다
challenge = async (name, info) => {
  const { modelUri, runId, modelId } = info
  const made = await client.createModelVersion({ name, source: modelUri, runId, modelId })
  await client.setRegisteredModelAlias({ name, alias: 'challenger', version: made.version })
  return made.version
}
promoteChallenger = async (name, seenChampion, reason) => {
  const { version } = await client.getModelVersionByAlias({ name, alias: 'challenger' })
  await client.setRegisteredModelAlias({ name, alias: 'champion', version, reason })
}

// %% checkpoint 4
const model4 = 'checkpoint_4'
await freshRegistry(client, model4, [best])
await promote({ client, name: model4, version: '1', reason: '첫 챔피언' })
const challenger4 = await challenge(model4, gentle).catch(codeOfError)
assert(
  challenger4 !== undefined,
  '체크포인트 4: challenge가 아직 빈칸입니다. 새 버전을 만들고 challenger를 붙이고 번호를 돌려주십시오.',
)
const aliasesOf = async (model: string) => (await client.getRegisteredModel(model)).aliases
assert.deepEqual(
  [challenger4, await aliasesOf(model4)],
  ['2', { champion: '1', challenger: '2' }],
  '체크포인트 4: challenge 뒤에는 champion이 1 그대로이고 challenger가 새 버전 2여야 합니다.',
)
await promoteChallenger(model4, '1', '시험 승격')
const moved = await aliasesOf(model4)
assert.equal(
  moved['champion'],
  '2',
  '체크포인트 4: 챔피언이 2가 아닙니다. promoteChallenger가 빈칸이거나 다른 버전을 올렸습니다.',
)
assert.equal(
  moved['previous_champion'],
  '1',
  '체크포인트 4: previous_champion이 없어 돌아갈 곳이 없습니다. 별칭만 옮기지 말고 promote를 쓰십시오.',
)
assert.equal(
  moved['challenger'],
  undefined,
  '체크포인트 4: 챔피언이 된 버전에 challenger가 남아 있습니다. 별칭만 옮기지 말고 promote를 쓰십시오.',
)
const [last4] = (await aliasHistory({ client, name: model4 })).items
assert.equal(
  last4?.reason,
  '시험 승격',
  '체크포인트 4: 변경 이력에 이유가 없습니다. promote에 reason을 넘기십시오.',
)
await challenge(model4, hasty)
const late = await codeOf(promoteChallenger(model4, '1', '늦은 승격'))
assert.equal(
  late,
  'CHAMPION_MOVED',
  '체크포인트 4: 옛 챔피언을 보고 한 승격이 거절되지 않습니다. expectedChampion을 넘기십시오.',
)
assert.equal(
  (await rollback({ client, name: model4 })).version,
  '1',
  '체크포인트 4: 롤백이 버전 1로 돌아가지 않습니다.',
)
console.log('✅ 체크포인트 4 통과: 챌린저가 한 단계로 챔피언이 되었고, 늦은 승격은 거절되었습니다.')

// %% concept
/*
## 6. Python이 보는 같은 레지스트리

**왜 필요한가?** 데이터 과학자 셋은 Python 노트북에서 일하고, 판정 서비스는 TypeScript입니다. 레지스트리가 둘로 갈라지면 "Python에서 잰
모델"과 "운영 중인 모델"이 같다고 아무도 장담하지 못합니다. 모델을 옮겨 적다가 소수점 하나만 달라져도 임곗값 근처의 판정이 뒤집힙니다.

그래서 이 시스템은 MLflow의 REST API와 모델 폴더 형식을 그대로 씁니다. 명세의 코드가 주소만 바꾸어 돌아갑니다.

```python
import mlflow
from mlflow import MlflowClient

mlflow.set_tracking_uri("http://127.0.0.1:8000")
client = MlflowClient()
client.set_registered_model_alias("fraud_detector", "champion", "1")
model = mlflow.pyfunc.load_model("models:/fraud_detector@champion")
model.predict(features)        # 피처 31개의 표 → 사기 확률
```

다만 `pyfunc`가 하는 일은 **트리까지**입니다. `features.json`과 `policy.json`은 우리 서비스만 읽습니다. Python에서는 거래가 아니라
이미 숫자로 바뀐 피처를 넣고, 돌아온 확률에 임곗값을 직접 적용해야 합니다.

| | Python `pyfunc` | 이 서비스 |
| --- | --- | --- |
| 입력 | 피처 31개의 숫자 | 거래 그대로 |
| 트리의 점수 | 같음 | 같음 |
| 임곗값과 위험 등급 | 직접 | 모델의 정책 |
| 안전 | 피클을 쓰는 모델이면 코드가 실행됩니다 | 피클을 열지 않습니다 |

**생각해 볼 질문.** Python에서 `set_registered_model_alias`로 챔피언을 옮기면 변경 이력에 남을까요?
*/

// %% example
// Python 클라이언트가 보내는 것과 같은 HTTP 요청을 손으로 보냅니다.
await freshRegistry(client, name, [best, gentle])
await client.setRegisteredModelAlias({ name, alias: 'champion', version: '1' })
const rest = `${service.address}/api/2.0/mlflow/registered-models/alias`
const response = await fetch(`${rest}?name=${name}&alias=champion`)
const { model_version: raw } = (await response.json()) as {
  model_version: { name: string; version: string; aliases: string[]; status: string }
}

// 모델 폴더의 안내문(MLmodel)에는 읽는 방법이 셋 적혀 있습니다.
const place = await client.getModelVersionDownloadUri({ name, version: raw.version })
const described = parse(
  new TextDecoder().decode(await client.downloadFile(`${place}/MLmodel`)),
) as {
  flavors: Record<string, { data: string; features?: string; policy?: string }>
}
const { python_function: python, xgboost, fds } = described.flavors

await show(
  diagram({
    title: '폴더 하나를 둘이 읽습니다',
    boxes: {
      python: [0, 0, 'Python', 'mlflow.pyfunc'],
      ours: [0, 1, '판정 서비스', 'TypeScript'],
      address: [1, 0, '@champion', `버전 ${raw.version}`],
      trees: [2, 0, 'model.json', '트리 → 사기 확률'],
      features: [2, 1, 'features.json', '거래 → 피처 31개'],
      policy: [2, 2, 'policy.json', '확률 → 위험 등급'],
    },
    arrows: [
      ['python', 'address'],
      ['ours', 'address'],
      ['address', 'trees', '둘 다'],
      ['address', 'features'],
      ['address', 'policy'],
    ],
  }),
  table(
    ['HTTP 응답의 칸', '값'],
    [
      ['name', raw.name],
      ['version', raw.version],
      ['aliases', raw.aliases.join(', ')],
      ['status', raw.status],
    ],
  ),
  table(
    ['MLmodel의 flavor', '누가 읽나', '트리', '피처 명세', '정책'],
    [
      [
        'python_function',
        'mlflow.pyfunc.load_model',
        python!.data,
        python!.features,
        python!.policy,
      ],
      ['xgboost', 'mlflow.xgboost.load_model', xgboost!.data, xgboost!.features, xgboost!.policy],
      ['fds', '판정 서비스와 loadModel', fds!.data, fds!.features, fds!.policy],
    ],
  ),
)

// %% concept
/*
## 7. 태그와 설명: 사람과 프로그램이 읽는 쪽지

**왜 필요한가?** 등록된 버전이 47개입니다. 그중 검증을 통과한 것이 무엇인지 이름만 보고는 모릅니다. 누군가 버전 31을 승격했는데, 그것은
AUC 0.82로 기준(0.85)에 못 미쳐 버려진 실험이었습니다. 검증 결과는 채팅방에만 있었습니다.

버전에는 두 가지를 적습니다.

- **태그(tag)**: 프로그램이 읽는 열쇠와 값. `validation_status`는 `pending`, `passed`, `failed` 가운데 하나입니다. 검색할 수 있습니다.
- **설명(description)**: 사람이 읽는 문장. 무엇을 왜 만들었고 얼마였는지 적습니다.

태그는 등록 모델에도, 버전에도 붙습니다. 검증은 버전마다 다르므로 **버전에** 붙입니다. 등록 모델에 `passed`를 붙이면 47개가 모두
통과한 것처럼 보입니다.

태그가 하지 말아야 할 일도 있습니다. 명세에는 `deployment_env = prod` 태그가 나옵니다. 그런데 평범한 호출로 별칭을 옮기면 이 태그는
따라가지 않습니다. 가끔만 맞는 태그는 없는 것보다 나쁩니다. **무엇이 운영 중인지는 별칭에만 묻습니다.**

| 질문 | 어디에 묻나 |
| --- | --- |
| 지금 판정하는 버전은? | 별칭 `champion` |
| 전에는 무엇이었고 왜 바꿨나? | 변경 이력 |
| 검증을 통과했나? | 버전의 태그 `validation_status` |
| 임곗값은? | 모델 폴더의 정책 |
| 어떤 모델인가? | 버전의 설명 |

**생각해 볼 질문.** `validation_status = passed` 태그는 누구나 붙일 수 있습니다. 그렇다면 승격 프로그램은 태그를 믿어도 될까요?
*/

// %% example
// deployment_env 태그가 왜 위험한지 봅니다. 버전 1을 운영에 올리며 태그도 붙입니다.
await freshRegistry(client, name, [best, gentle])
const tag = (version: string, key: string, value: string) =>
  client.setModelVersionTag({ name, version, key, value })
await promote({ client, name, version: '1', reason: '첫 챔피언' })
await tag('1', 'deployment_env', 'prod')
await tag('1', 'validation_status', 'passed')
await tag('2', 'validation_status', 'pending')
await client.updateModelVersion({
  name,
  version: '1',
  description: '2-1의 50회 탐색에서 고른 모델',
})

// 다음 날 버전 2로 승격합니다. 태그를 옮기는 일은 잊었습니다.
await promote({ client, name, version: '2', reason: '비용 감소' })

const search = async (filter: string) =>
  (await client.searchModelVersions({ filter: `name = '${name}' and ${filter}` })).items
    .map(({ version }) => `버전 ${version}`)
    .join(', ')
const byTag = await search("tags.deployment_env = 'prod'")
const byAlias = await client.getModelVersionByAlias({ name, alias: 'champion' })
const passed = await search("tags.validation_status = 'passed'")
const pending = await search("tags.validation_status = 'pending'")

await show(
  diagram({
    title: '검증이 승격 앞에 섭니다',
    boxes: {
      made: [0, 0, '새 버전', 'pending'],
      gate: [1, 0, '검증', 'AUC 0.85 이상인가'],
      passed: [2, 0, 'passed', '승격할 수 있다'],
      failed: [2, 1, 'failed', '승격하지 않는다'],
      champion: [3, 0, '별칭 champion', '판정한다'],
    },
    arrows: [
      ['made', 'gate', '잰다'],
      ['gate', 'passed', '예'],
      ['gate', 'failed', '아니요'],
      ['passed', 'champion', 'promote'],
    ],
  }),
  table(
    ['질문', '답', '맞나'],
    [
      ['deployment_env 태그가 prod인 버전', byTag, '틀림: 어제의 챔피언'],
      ['별칭 champion', `버전 ${byAlias.version}`, '맞음: 실제로 판정하는 버전'],
    ],
  ),
  table(
    ['검색', '찾은 버전'],
    [
      ["tags.validation_status = 'passed'", passed],
      ["tags.validation_status = 'pending'", pending],
    ],
  ),
)

// %% exercise 5
/*
### 실습 5. 태그 및 설명 추가

버전 하나를 재고, 결과를 태그와 설명으로 남기는 함수를 만드십시오.

- `validate(name, version)`: `models:/이름/버전`을 불러와 시험 구간의 AUC를 잽니다.
- AUC가 **0.85 이상**이면 버전의 태그 `validation_status`를 `passed`로, 아니면 `failed`로 붙입니다.
- 설명에 `AUC 0.963`처럼 소수 셋째 자리까지 적습니다.
- 붙인 상태(`'passed'` 또는 `'failed'`)를 돌려줍니다.

힌트: `rocAucScore(test.y, booster.predict(test.x))`, `setModelVersionTag`, `updateModelVersion`을 씁니다. 등록 모델이 아니라
버전에 붙여야 합니다.
*/

// %% todo 5
let validate: (name: string, version: string) => Promise<'passed' | 'failed'> = async (
  name,
  version,
) => {
  // TODO: 그 버전을 불러옵니다.
  // TODO: 시험 구간의 AUC를 잽니다.
  // TODO: 태그 validation_status를 버전에 붙입니다.
  // TODO: 설명에 AUC를 적습니다.
  return TODO
}

// %% solution 5
// 정답 5
validate = async (name, version) => {
  const { booster } = await loadModel(`models:/${name}/${version}`, openClient)
  const auc = rocAucScore(test.y, booster.predict(test.x)) as number
  const status = auc >= 0.85 ? 'passed' : 'failed'
  await client.setModelVersionTag({ name, version, key: 'validation_status', value: status })
  const description = `시험 구간 2만 건에서 AUC ${auc.toFixed(3)}`
  await client.updateModelVersion({ name, version, description })
  return status
}

await freshRegistry(client, 'fraud_detector', [best, gentle, hasty])
for (const version of ['1', '2', '3']) await validate('fraud_detector', version)
const checked = await client.searchModelVersions({
  filter: "name = 'fraud_detector'",
  orderBy: ['version_number ASC'],
})
await show(
  table(
    ['버전', 'validation_status', '설명'],
    checked.items.map(({ version, tags, description }) => [
      version,
      tags['validation_status'],
      description,
    ]),
  ),
)

// %% mistake 5: 등록 모델이 아니라 버전에
validate = async (name, version) => {
  const { booster } = await loadModel(`models:/${name}/${version}`, openClient)
  const auc = rocAucScore(test.y, booster.predict(test.x)) as number
  const status = auc >= 0.85 ? 'passed' : 'failed'
  await client.setRegisteredModelTag({ name, key: 'validation_status', value: status })
  await client.updateModelVersion({ name, version, description: `AUC ${auc.toFixed(3)}` })
  return status
}

// %% checkpoint 5
const model5 = 'checkpoint_5'
await freshRegistry(client, model5, [best, hasty, gentle])
const statuses = [
  await validate(model5, '1').catch(codeOfError),
  await validate(model5, '2').catch(codeOfError),
]
assert(
  statuses[0] !== undefined,
  '체크포인트 5: validate가 아직 빈칸입니다. 불러오고, 재고, 태그와 설명을 붙이십시오.',
)
assert.deepEqual(
  statuses,
  ['passed', 'failed'],
  '체크포인트 5: best는 passed, hasty(AUC 0.823)는 failed여야 합니다. 0.85와 비교했는지 보십시오.',
)
const versionTags = async (version: string) =>
  (await client.getModelVersion({ name: model5, version })).tags['validation_status']
const modelTags = (await client.getRegisteredModel(model5)).tags
assert.equal(
  modelTags['validation_status'],
  undefined,
  '체크포인트 5: 등록 모델이 아니라 버전에 태그를 붙이십시오. setModelVersionTag를 씁니다.',
)
assert.deepEqual(
  [await versionTags('1'), await versionTags('2'), await versionTags('3')],
  ['passed', 'failed', undefined],
  '체크포인트 5: 버전의 태그가 잰 결과와 다릅니다. 재지 않은 버전 3에는 태그가 없어야 합니다.',
)
for (const [version, auc] of [
  ['1', '0.963'],
  ['2', '0.823'],
] as const) {
  const { description = '' } = await client.getModelVersion({ name: model5, version })
  assert(
    description.includes(`AUC ${auc}`),
    `체크포인트 5: 버전 ${version}의 설명에 "AUC ${auc}"가 없습니다. updateModelVersion과 toFixed(3)을 쓰십시오.`,
  )
}
const onlyPassed = await client.searchModelVersions({
  filter: `name = '${model5}' and tags.validation_status = 'passed'`,
})
assert.deepEqual(
  onlyPassed.items.map(({ version }) => version),
  ['1'],
  '체크포인트 5: 검색에서 통과한 버전 1만 나와야 합니다. 태그의 이름과 값을 확인하십시오.',
)
console.log('✅ 체크포인트 5 통과: 통과한 버전만 검색되고, 설명에 근거가 남았습니다.')

// %% summary
/*
## 정리

- 등록은 복사가 아니라 **족보를 잇는 일**입니다. 버전 → 기록된 모델 → 실행 → 파라미터, 지표, 데이터로 거슬러 올라갑니다.
- 버전은 바뀌지 않고 **별칭만 움직입니다.** 코드는 `models:/fraud_detector@champion` 한 줄이고, 배포는 별칭을 옮기는 일입니다.
- 별칭만 옮기면 사고가 납니다. 옛 임곗값이 남으면 2만 건 가운데 **1,051건 → 15,114건**에 추가 인증이 걸렸습니다. 정책은 모델과 함께
  움직여야 합니다.
- 승격과 롤백은 **한 단계**이고, 자기가 본 챔피언을 함께 말합니다. 늦은 쪽은 `CHAMPION_MOVED`를 받습니다. 모든 이동이 변경 이력에
  남습니다.
- 무엇이 운영 중인지는 별칭에, 검증 결과는 버전의 태그에, 까닭은 설명과 변경 이력에 묻습니다.

명령줄에서는 이렇게 합니다.

    npx fds models register fraud_detector --run RUN_ID
    npx fds validate --model models:/fraud_detector/2 --data holdout.csv --min-auc 0.85 --tag
    npx fds models promote fraud_detector 2 --expect 1 --reason "비용 10 % 감소"
    npx fds models history fraud_detector
    npx fds models rollback fraud_detector --reason "고객 문의 급증"

### 생각해 볼 질문의 답

1. **대답이 없는 것을 "없다"로 받아들이면?** 시작 프로그램이 "모델이 없으니 새로 학습해 챔피언으로 올리자"고 판단할 수 있습니다. 잠깐의
   통신 장애가 운영 중인 챔피언을 밀어냅니다. 모르는 오류는 다시 던져 멈추게 해야 합니다.
2. **같은 모델을 두 번 등록하면?** 버전이 둘 생깁니다. 둘 다 같은 `m-…`을 가리킵니다. 버전은 내용이 아니라 등록한 사건에 붙는 번호입니다.
3. **버전 하나만 가리키는 것이 왜 장점인가?** "지금 판정하는 버전은?"의 답이 언제나 하나입니다. 단계에서는 Production이 둘일 수 있어서,
   어느 쪽이 쓰이는지는 읽는 쪽의 규칙에 달려 있었습니다.
4. **best가 백 배 엄격한가?** 아닙니다. 점수의 눈금이 다를 뿐입니다. 자기 임곗값에서 best는 1,051건(5.3 %), gentle은 1,270건(6.4 %)을
   사기로 보았습니다. 실행 중인 서비스에서도 같은 거래가 0.0021점에 추가 인증, 0.1169점에 승인이었습니다.
5. **롤백을 두 번 하면?** 처음 챔피언으로 돌아옵니다. 롤백하면 밀려난 버전이 `previous_champion`이 되므로, 두 번째 롤백은 첫 롤백을
   취소합니다. 예제의 그림이 그렇습니다.
6. **Python에서 옮긴 것도 남는가?** 남습니다. 동작은 "별칭 지정"입니다. 서버에 자격 증명을 두면 그 이름이 "누가"에 적힙니다. 롤백도 이
   기록을 따르므로, 누가 어떤 도구로 옮겼든 바로 앞의 챔피언으로 돌아갑니다.
7. **태그를 믿어도 되는가?** 태그만 믿으면 안 됩니다. 쓰기 권한이 있으면 누구나 붙입니다. 승격하는 프로그램이 직접 다시 재고, 태그는
   검색과 사람을 위해 남깁니다. `npx fds ab promote`는 태그가 아니라 게이트를 그 자리에서 계산합니다.

### 면접 포인트

**Q: "Stage 방식과 Alias 방식의 차이는?"**
> "단계는 이름이 정해져 있고 한 단계에 버전이 여럿일 수 있습니다. MLflow 2.9부터 deprecated입니다. 별칭은 이름이 자유롭고 언제나 버전
> 하나를 가리킵니다. 그래서 `champion`과 `challenger`를 나란히 두고 A/B 테스트를 하고, 되돌릴 때는 별칭만 옮깁니다. 제가 만든 서버는
> 단계 호출을 아예 거절하고 별칭을 쓰라고 알려 줍니다."

근거: [json-routes.ts](../../src/tracking/server/json-routes.ts), [MLflow와의 차이](../../docs/compatibility-mlflow.md)

**Q: "모델 롤백은 어떻게 하나요?"**
> "별칭을 되돌립니다. 배포는 없습니다. 서비스가 0.5초마다 별칭을 확인하고, 새 모델을 다 읽은 뒤에 바꾸므로 그동안에도 판정이 끊기지
> 않습니다. 다만 `set_registered_model_alias`를 손으로 부르지는 않습니다. 어느 버전으로 돌아가야 하는지 사람이 기억해야 하고,
> `previous_champion`이 따라오지 않기 때문입니다. 롤백은 변경 이력에서 바로 앞의 챔피언을 찾고, 별칭들과 이력을 트랜잭션 하나로 바꿉니다. 임곗값도 모델 폴더에
> 있어서 함께 돌아옵니다."

근거: [promotion-store.ts](../../src/tracking/store/promotion-store.ts), [follow-alias.ts](../../src/serving/models/follow-alias.ts)

**Q: "왜 Alias?"**
> "코드와 결정을 나누기 위해서입니다. 코드에는 `@champion`만 있고, 어느 버전인지는 레지스트리가 정합니다. 그래서 배포 권한이 없는
> 당직자도 되돌릴 수 있습니다. `latest`는 쓰지 않습니다. 재학습이 더한, 아무도 검토하지 않은 버전일 수 있습니다."

근거: [model-uri.ts](../../src/tracking/protocol/model-uri.ts)

**Q: "모델 배포 패턴?"**
> "챔피언과 챌린저입니다. 재학습은 챌린저만 만듭니다. 챌린저는 섀도로 점수를 남기고, A/B 테스트에서 고객 단위로 나눈 일부 거래를 판정합니다.
> 게이트를 통과하면 `promote`가 `champion`, `previous_champion`, `challenger`를 한 번에 옮깁니다. 2-1의 최고 모델이 늘 이기는 것도
> 아닙니다. AUPRC는 0.699로 0.655보다 높았지만 시험 구간의 비용은 3,987로 3,600보다 비쌌습니다. 놓친 사기 6건 차이라서, 바로 바꾸지
> 않고 A/B 테스트로 확인합니다."

근거: [registry.ts](../../src/tracking/models/registry.ts), [promote-challenger.ts](../../src/serving/experiments/promote-challenger.ts)

**Q: "두 사람이 동시에 승격하면 어떻게 됩니까?"**
> "한 사람만 이깁니다. 승격은 자기가 본 챔피언을 함께 보내고, 서버는 모델의 행을 잠근 채 비교한 뒤 바꿉니다. 늦은 쪽은 `CHAMPION_MOVED`를
> 받고 상황을 다시 봅니다. 별칭 세 개와 변경 이력이 트랜잭션 하나라서, 중간에 죽어도 반쯤 승격된 상태는 없습니다. MLflow의 원래 서버에는
> 이 호출이 없어서, 거기서는 언제나 챔피언이 있도록 순서를 지켜 평범한 호출로 하고, 이 보장이 없다는 것을 문서에 적었습니다."

근거: [promotion.contract.ts](../../src/tracking/store/promotion.contract.ts), [결정 0021](../../docs/decisions/0021-champions-and-their-history.md)

**Q: "별칭만 바꾸면 충분합니까?"**
> "아닙니다. 점수의 눈금이 모델마다 다릅니다. 임곗값을 서버 설정에 두고 별칭만 옮겨 보니 2만 건 가운데 추가 인증이 1,051건에서 15,114건으로
> 늘었고, 반대로 옮기면 놓친 사기가 25건에서 88건이 되었습니다. 그래서 정책을 모델 폴더에 넣고, 내용의 해시를 정책의 버전으로 씁니다.
> 판정마다 모델과 정책의 버전이 함께 기록됩니다."

근거: [policy.ts](../../src/decision/policy.ts), [결정 0007](../../docs/decisions/0007-policy-with-the-model.md)

**Q: "Python으로 만든 모델도 서비스할 수 있습니까?"**
> "XGBoost 모델이라면 양방향으로 됩니다. 여기서 기록한 폴더를 `mlflow.pyfunc.load_model`이 읽고, Python이 기록한 모델을 여기서
> 판정에 씁니다. MLflow의 Python 클라이언트 3.17과 3.11로 점수가 같은지 시험합니다. 피클은 열지 않습니다. 피클을 여는 것은 남의
> 프로그램을 실행하는 것이기 때문입니다. 다른 점은 `pyfunc`가 트리까지만 안다는 것입니다. 피처 명세와 정책은 우리 서비스가 적용합니다."

근거: [models.judge.ts](../../test/interop/mlflow/models.judge.ts), [unpack-model.ts](../../src/serving/models/unpack-model.ts)

### 다음으로

[2-3. 드리프트](2-3_evidently_drift.ipynb): 챔피언이 언제 낡는지, 운영 데이터가 학습 데이터와 달라진 것을 어떻게 알아차리는지 봅니다.
*/
