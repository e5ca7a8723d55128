// %% title
/*
# 2-1. MLflow Tracking: 모든 학습을 기록으로 남기기

**학습 목표.** 이 노트북을 마치면 다음을 할 수 있습니다.

- 트래킹 서버에 연결하고, 실험(experiment)과 실행(run)이 무엇을 나누는지 설명합니다.
- 파라미터, 메트릭, 모델을 손으로 기록하고, 기록만으로 같은 점수를 다시 만들어 냅니다.
- Autolog가 남기는 것과 남기지 못하는 것을 구분하고, FDS 지표(재현율, 비용)를 더합니다.
- Optuna와 같은 방식의 탐색 50회를 nested run으로 남기고, 결과 그림을 읽습니다.
- 가장 좋은 모델을 저장하고, 그 점수와 피처 중요도를 어디까지 믿을지 말합니다.

**걸리는 시간.** 읽고 푸는 데 90분, "Run all"은 1분 남짓입니다. 50회 탐색이 그중 절반을 씁니다.

**미리 알아야 할 것.** TypeScript 기초, 분류 모델의 정밀도와 재현율. MLflow 경험은 필요 없습니다.

**사용법.** 위에서부터 차례로 실행합니다. 실습마다 `TODO` 셀을 채우고 체크포인트를 실행하십시오. 체크포인트가
실패하면 무엇을 고쳐야 하는지 알려 줍니다. 정답은 TODO 셀 아래에 접혀 있습니다. 정답까지 실행하면 정답이 여러분의
답을 덮어쓰니, 직접 풀 때는 정답 셀을 건너뛰고 체크포인트를 실행하십시오.
*/

// %% imports
import assert from 'node:assert/strict'
import {
  type Answer,
  autolog,
  averagePrecisionInterval,
  averagePrecisionScore,
  type Booster,
  type BoosterParams,
  calculateFdsMetrics,
  createStudy,
  type FdsMetrics,
  featureNames,
  findOptimalThreshold,
  flushAutolog,
  getRun,
  getTrackingUri,
  importancePlot,
  isFurtherGainUnlikely,
  isNoAnswer,
  isTrackingError,
  logFigure,
  logMetric,
  logMetrics,
  logModel,
  logParam,
  logParams,
  type Matrix,
  plotContour,
  plotOptimizationHistory,
  plotParamImportances,
  plotSlice,
  precisionRecallCurve,
  quantileMatrix,
  type Study,
  searchRuns,
  setExperiment,
  setTrackingUri,
  startRun,
  TPESampler,
  type Trial,
  trainBooster,
} from 'fds-system'
import { loadModel, modelMatrix } from '../../src/pipeline/load-model.ts'
import { COLORS } from '../../src/tuning/analysis/draw-svg.ts'
import { BEST_PARAMS } from '../lib/best-params.ts'
import { courseHome, courseTracking, TODO } from '../lib/course.ts'
import { diagram } from '../lib/diagram.ts'
import { koreanPlot } from '../lib/korean-plot.ts'
import { coursePayments } from '../lib/payments.ts'
import { plot } from '../lib/plot.ts'
import { chart, show, table } from '../lib/show.ts'

// 답이 없는 지표(사기가 한 건도 없는 달의 재현율)는 NaN이 아니라 이유가 담긴 값입니다. 숫자인지 확인하고 꺼냅니다.
function numberOf(answer: Answer): number {
  if (isNoAnswer(answer)) throw new Error(`답이 없는 지표입니다: ${answer.reason}`)
  return answer
}

function table4(value: number): string {
  return value.toFixed(4)
}

// %% concept
/*
## 1. 연결: 기록은 어디에 쌓이는가

**왜 필요한가?** 세 사람이 2주 동안 모델을 47번 학습했습니다. 결과는 노트북 출력 12개, 스프레드시트 한 장, 메신저
대화에 흩어져 있습니다. 시트에는 "v3_final, AUPRC 0.70"이라고만 적혀 있습니다. 어느 데이터로 쟀는지, 트리가 몇 개였는지
아무도 모릅니다. 두 달 뒤 같은 모델을 다시 만들어야 하는데, 47개 가운데 어느 것인지부터 찾지 못합니다.

트래킹 서버(tracking server)는 이 기록을 한곳에 모읍니다. 주소가 **Tracking URI**이고, 그 안은 두 층입니다.

| 용어 | 뜻 | 이 노트북에서 |
| --- | --- | --- |
| 실험(experiment) | 서로 비교할 실행을 모은 폴더 | `fraud_2-1` |
| 실행(run) | 학습 한 번의 기록 | `manual_depth4`, `trial_38` 등 |
| 파라미터(parameter) | 학습 전에 정한 값. 한 번만 씁니다 | `max_depth = 4` |
| 메트릭(metric) | 잰 값. 단계(step)마다 쌓입니다 | `valid_auprc = 0.6463` |
| 아티팩트(artifact) | 실행에 딸린 파일 | 모델, 그림 |

주소를 정하지 않으면 어떻게 될까요? MLflow의 Python 클라이언트는 현재 폴더에 조용히 기록합니다. 그 폴더가 CI 컨테이너
안이라면 작업이 끝날 때 기록도 사라집니다. 이 시스템의 클라이언트는 오류로 멈춥니다.

실험도 마찬가지입니다. 고르지 않으면 모든 실행이 번호 0인 `Default`에 섞입니다. 함정이 하나 더 있습니다. 서버를 바꾸면
앞서 고른 실험은 잊힙니다. 실험 번호는 서버마다 다르므로 그래야 맞지만, 순서를 바꿔 부르면 오류 없이 `Default`로 갑니다.

**생각해 볼 질문.** 주소가 없을 때 현재 폴더에 기록하는 것과 오류로 멈추는 것 중, 운영 파이프라인에는 어느 쪽이 안전할까요?
*/

// %% example
// 시뮬레이션 거래 10만 건을 시간 순서로 나눕니다: 앞 60 %로 배우고, 다음 20 %로 고르고, 마지막 20 %로 잽니다.
const { spec, train, valid, test } = coursePayments()
const features = featureNames(spec)

const partRows = Object.entries({ train, valid, test }).map(([name, { y }]) => {
  const frauds = y.reduce((sum, label) => sum + label, 0)
  return [name, y.length, frauds, `${((100 * frauds) / y.length).toFixed(2)} %`]
})
table(['구간', '거래 수', '사기 건수', '사기 비율'], partRows)

// %% example
// 이 노트북 안에서 트래킹 서버를 띄웁니다. 실무에서는 npx fds tracking이나 npm start가 하는 일입니다.
const home = courseHome('2-1')
const { address, client } = await courseTracking(home)

const EXPERIMENT = 'fraud_2-1'
setTrackingUri(address)
const experiment = await setExperiment(EXPERIMENT)
const sameExperiment = await setExperiment(EXPERIMENT)

await show(
  diagram({
    title: '기록이 쌓이는 곳',
    boxes: {
      notebook: [0, 0, '노트북', 'startRun, logMetrics'],
      server: [1, 0, '트래킹 서버', 'MLflow REST API'],
      database: [2, 0, 'SQLite, PostgreSQL', '실험, 실행, 메트릭'],
      python: [0, 1, 'Python 클라이언트', 'import mlflow'],
      files: [2, 1, '아티팩트 폴더', '모델, 그림, 표'],
    },
    arrows: [
      ['notebook', 'server', 'HTTP'],
      ['python', 'server'],
      ['server', 'database'],
      ['server', 'files'],
    ],
  }),
  table(
    ['확인할 것', '결과'],
    [
      ['getTrackingUri()가 서버 주소와 같은가', getTrackingUri() === address ? '예' : '아니요'],
      ['실험 이름', experiment.name],
      ['실험 번호', experiment.experimentId],
      [
        '한 번 더 setExperiment를 불러도 같은 실험인가',
        sameExperiment.experimentId === experiment.experimentId ? '예' : '아니요',
      ],
    ],
  ),
)

// %% exercise 1
/*
### 실습 1. MLflow 연결 확인 (Tracking URI, Experiment)

서버 주소와 실험 이름을 받아 연결하는 함수 `connect`를 완성합니다.

- **입력:** 서버 주소 `uri`, 실험 이름 `experimentName`
- **출력:** `{ uri, experimentId }`. `uri`는 `getTrackingUri()`가 돌려주는 값이고, `experimentId`는 고른 실험의 번호입니다.
- **조건:** 같은 이름으로 두 번 불러도 실험은 하나여야 합니다. 그 뒤의 `startRun`은 그 실험에 쌓여야 합니다.
- **힌트:** `setTrackingUri`, `setExperiment`, `getTrackingUri` 세 함수면 됩니다. 부르는 순서를 생각하십시오.
*/

// %% todo 1
let connect: (
  uri: string,
  experimentName: string,
) => Promise<{ uri: string; experimentId: string }> = async (uri, experimentName) => {
  // TODO: 서버를 고릅니다.
  // TODO: 실험을 고르고, 돌려받은 실험의 번호를 아래에 씁니다.
  return { uri: TODO, experimentId: TODO }
}

// %% solution 1
// 정답 1
connect = async (uri, experimentName) => {
  setTrackingUri(uri)
  const { experimentId } = await setExperiment(experimentName)
  return { uri: getTrackingUri(), experimentId }
}
const connected = await connect(address, EXPERIMENT)
table(
  ['확인할 것', '결과'],
  [
    ['주소', connected.uri === address ? '서버 주소와 같습니다' : '다릅니다'],
    ['실험 번호', connected.experimentId],
  ],
)

// %% mistake 1: setTrackingUri를 setExperiment보다 먼저
connect = async (uri, experimentName) => {
  const { experimentId } = await setExperiment(experimentName)
  setTrackingUri(uri)
  return { uri: getTrackingUri(), experimentId }
}

// %% checkpoint 1
const firstLink = await connect(address, 'checkpoint_1')
assert(
  firstLink.uri !== undefined && firstLink.experimentId !== undefined,
  '체크포인트 1: connect가 아직 빈칸입니다. getTrackingUri()와 실험의 experimentId를 돌려주십시오.',
)
assert.equal(
  firstLink.uri,
  address,
  '체크포인트 1: uri가 서버 주소와 다릅니다. setTrackingUri(uri)를 불렀는지 확인하십시오.',
)
const probe = await startRun({ runName: 'checkpoint_1' }, async (run) => run.info)
assert.notEqual(
  probe.experimentId,
  '0',
  "체크포인트 1: 실행이 'Default' 실험에 쌓였습니다. 서버를 바꾸면 실험은 잊힙니다. setTrackingUri를 setExperiment보다 먼저 부르십시오.",
)
assert.equal(
  probe.experimentId,
  firstLink.experimentId,
  '체크포인트 1: 돌려준 experimentId가 실행이 쌓인 실험의 번호와 다릅니다.',
)
const secondLink = await connect(address, 'checkpoint_1').catch(() => undefined)
assert.equal(
  secondLink?.experimentId,
  firstLink.experimentId,
  '체크포인트 1: 두 번째 연결이 같은 실험이 아닙니다. createExperiment 대신 setExperiment를 쓰십시오.',
)
const otherLink = await connect(address, 'checkpoint_1_other')
assert.notEqual(
  otherLink.experimentId,
  firstLink.experimentId,
  '체크포인트 1: 이름이 달라도 같은 실험입니다. experimentName을 그대로 넘기는지 확인하십시오.',
)
console.log('✅ 체크포인트 1 통과: 실행이 고른 실험에 쌓이고, 같은 이름은 같은 실험입니다.')

// %% concept
/*
## 2. 수동 로깅: 실행 하나에 무엇을 남기는가

**왜 필요한가?** 로그에 `AUPRC 0.6463`이라는 줄이 남았습니다. 트리가 150개였는지 500개였는지, train으로 쟀는지 valid로
쟀는지는 없습니다. 같은 모델을 train으로 재면 0.8934, valid로 재면 0.6463입니다. 두 숫자 가운데 하나만 남으면 그
숫자를 본 사람은 0.25만큼 잘못 판단합니다.

그래서 실행 하나에는 셋이 함께 있어야 합니다. **무엇으로**(파라미터), **얼마나**(메트릭, 어느 구간에서 쟀는지 이름에
씁니다), **무엇을**(모델). 셋이 맞는지는 말로 확인하지 않습니다. 기록된 모델을 다시 불러 기록된 메트릭이 나오는지 봅니다.

| 기록 | 다시 쓰면 | 이유 |
| --- | --- | --- |
| 파라미터 | 다른 값은 거절합니다 | 학습이 끝난 뒤에 바뀌면 거짓이 됩니다 |
| 메트릭 | 단계마다 한 점씩 쌓입니다 | 학습 곡선이 됩니다 |
| 태그(tag) | 덮어씁니다 | 검토 상태처럼 나중에 바뀌는 것입니다 |
| 모델 | 새 모델이 하나 더 생깁니다 | 폴더 하나에 트리, 피처 명세, 정책이 함께 있습니다 |

`startRun`에는 함수를 넘깁니다. 함수가 끝나면 실행은 FINISHED, 함수가 던지면 FAILED로 끝납니다. 죽은 학습이 "실행 중"으로
영원히 남는 일이 없습니다.

아래 예제에는 `aucpr`과 `auprc`가 함께 나옵니다. 앞의 것은 학습이 라운드마다 재는 XGBoost의 지표로, 곡선의 점 사이를
보간(interpolation)합니다. 뒤의 것은 보간하지 않는 average precision입니다. 값이 조금 다르므로 이름도 다르게 둡니다.

**생각해 볼 질문.** 파라미터는 한 번만 쓰게 하면서 태그는 덮어쓰게 한 까닭은 무엇일까요?
*/

// %% example
await setExperiment(EXPERIMENT)

// scalePosWeight 20: 사기 한 건을 정상 20건만큼 무겁게 봅니다. minChildWeight 5: 너무 작은 잎을 막습니다.
const FIXED = { scalePosWeight: 20, minChildWeight: 5, seed: 2026 } as const
const MODERATE = { ...FIXED, nEstimators: 150, maxDepth: 4, learningRate: 0.1 } as const

const manual = await startRun({ runName: 'manual_depth4' }, async (run) => {
  // 무엇으로: 학습 전에 정한 값
  await logParams({ n_estimators: 150, max_depth: 4, learning_rate: 0.1, scale_pos_weight: 20 })

  const booster = trainBooster(
    { ...MODERATE, evalMetric: 'aucpr' },
    {
      x: train.x,
      y: train.y,
      featureNames: features,
      evalSets: [{ name: 'valid', x: valid.x, y: valid.y }],
    },
  )

  // 얼마나: 라운드마다 한 점, 그리고 마지막 값
  for (const [step, value] of booster.evalHistory['valid']!['aucpr']!.entries())
    await logMetric('valid_aucpr_by_round', value, { step, synchronous: false })
  const scores = booster.predict(valid.x)
  await logMetrics({
    valid_auprc: numberOf(averagePrecisionScore(valid.y, scores)),
    valid_cost: numberOf(calculateFdsMetrics(valid.y, scores).cost),
  })

  // 무엇을: 트리와 피처 명세가 함께 든 모델
  const { modelUri } = await logModel(booster, { spec, inputExample: valid.x })
  return { runId: run.info.runId, modelUri, booster }
})

// 서버에 남은 것을 다시 읽습니다.
const manualRun = await getRun(manual.runId)
const curve = await client.getMetricHistory(manual.runId, 'valid_aucpr_by_round')
await show(
  table(
    ['종류', '이름', '값'],
    [
      ['상태', 'status', manualRun.info.status],
      ...Object.entries(manualRun.data.params)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ['파라미터', name, value]),
      ...Object.entries(manualRun.data.metrics)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ['메트릭', name, value]),
    ],
  ),
  plot({
    title: '서버에 남은 학습 곡선',
    subtitle: '라운드마다 valid로 잰 aucpr. 처음에 빠르고 갈수록 느립니다',
    x: ['라운드', 0, 150],
    y: ['valid aucpr', 0.3, 0.7],
    series: [
      {
        name: 'manual_depth4',
        line: curve.map(({ step, value }) => [step, value] as const),
        color: COLORS.blue,
      },
    ],
  }),
)

// %% example
// 기록만으로 같은 점수가 나오는지 확인합니다. 비교하는 것은 모델이 아니라 점수 20,000개입니다.
const reloaded = await loadModel(manual.modelUri, async () => client)
const before = manual.booster.predict(valid.x)
const after = reloaded.booster.predict(modelMatrix(reloaded, valid.table, ['is_fraud']))
const largestGap = before.reduce(
  (most, score, at) => Math.max(most, Math.abs(score - after[at]!)),
  0,
)

// 끝난 실행의 파라미터를 다른 값으로 고쳐 봅니다.
const refusal = await client
  .logParam(manual.runId, { key: 'max_depth', value: 6 })
  .then(() => '받아들였습니다')
  .catch((error: unknown) =>
    isTrackingError(error, 'INVALID_PARAMETER_VALUE')
      ? '거절: INVALID_PARAMETER_VALUE'
      : '다른 오류',
  )

table(
  ['확인', '결과'],
  [
    ['다시 읽은 모델과 점수 차이의 최댓값', largestGap],
    [
      '다시 읽은 모델에 피처 명세가 있는가',
      reloaded.spec?.hash === spec.hash ? '예, 같은 해시' : '아니요',
    ],
    ['max_depth를 6으로 고치기', refusal],
  ],
)

// %% exercise 2
/*
### 실습 2. XGBoost 수동 로깅 (파라미터, 메트릭, 모델)

학습 한 번을 실행 하나로 남기는 함수 `trainAndLog`를 완성합니다. 트리는 XGBoost의 히스토그램 알고리즘으로 자랍니다.

- **입력:** 실행 이름과 파라미터 셋(`nEstimators`, `maxDepth`, `learningRate`)
- **출력:** 실행의 번호(run id)
- **남길 것:** 파라미터 `n_estimators`, `max_depth`, `learning_rate`. 메트릭 `valid_auprc`와 `valid_cost`(임곗값은 기본 0.18).
  모델 하나(이름은 기본값인 `model`).
- **힌트:** `averagePrecisionScore(y, 점수)`, `calculateFdsMetrics(y, 점수).cost`, `numberOf`. 이름이 `valid_`로 시작하면
  무엇으로 재야 할까요?
*/

// %% todo 2
type Searched = Pick<BoosterParams, 'nEstimators' | 'maxDepth' | 'learningRate'>

let trainAndLog: (runName: string, params: Searched) => Promise<string> = (runName, params) =>
  startRun({ runName }, async (run) => {
    const booster = trainBooster(
      { ...FIXED, ...params },
      { x: train.x, y: train.y, featureNames: features },
    )
    // TODO: logParams로 파라미터 셋을 남깁니다. 이름은 XGBoost의 것(n_estimators 등)입니다.
    // TODO: 점수를 매기고, logMetrics로 valid_auprc와 valid_cost를 남깁니다.
    // TODO: logModel로 모델을 남깁니다. spec과 inputExample도 함께 넘깁니다.
    return run.info.runId
  })

// %% solution 2
// 정답 2
trainAndLog = (runName, params) =>
  startRun({ runName }, async (run) => {
    const booster = trainBooster(
      { ...FIXED, ...params },
      { x: train.x, y: train.y, featureNames: features },
    )
    await logParams({
      n_estimators: params.nEstimators,
      max_depth: params.maxDepth,
      learning_rate: params.learningRate,
    })
    const scores = booster.predict(valid.x)
    await logMetrics({
      valid_auprc: numberOf(averagePrecisionScore(valid.y, scores)),
      valid_cost: numberOf(calculateFdsMetrics(valid.y, scores).cost),
    })
    await logModel(booster, { spec, inputExample: valid.x })
    return run.info.runId
  })
const solved2 = await getRun(
  await trainAndLog('solution_2', { nEstimators: 60, maxDepth: 5, learningRate: 0.1 }),
)
table(
  ['메트릭', '값'],
  Object.entries(solved2.data.metrics)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value]),
)

// %% mistake 2: train으로 잰 값입니다
trainAndLog = (runName, params) =>
  startRun({ runName }, async (run) => {
    const booster = trainBooster(
      { ...FIXED, ...params },
      { x: train.x, y: train.y, featureNames: features },
    )
    await logParams({
      n_estimators: params.nEstimators,
      max_depth: params.maxDepth,
      learning_rate: params.learningRate,
    })
    const scores = booster.predict(train.x)
    await logMetrics({
      valid_auprc: numberOf(averagePrecisionScore(train.y, scores)),
      valid_cost: numberOf(calculateFdsMetrics(train.y, scores).cost),
    })
    await logModel(booster, { spec, inputExample: valid.x })
    return run.info.runId
  })

// %% checkpoint 2
await setExperiment(EXPERIMENT)
for (const params of [
  { nEstimators: 20, maxDepth: 3, learningRate: 0.2 },
  { nEstimators: 30, maxDepth: 5, learningRate: 0.1 },
]) {
  const { data, info, outputs } = await getRun(await trainAndLog('checkpoint_2', params))
  const logged = [
    data.params['n_estimators'],
    data.params['max_depth'],
    data.params['learning_rate'],
  ]
  assert(
    logged.some((value) => value !== undefined),
    '체크포인트 2: 실행에 파라미터가 없습니다. trainAndLog의 TODO를 logParams부터 채우십시오.',
  )
  assert.deepEqual(
    logged,
    [params.nEstimators, params.maxDepth, params.learningRate].map(String),
    '체크포인트 2: n_estimators, max_depth, learning_rate가 학습에 쓴 값과 다릅니다.',
  )
  const { valid_auprc: auprc, valid_cost: cost } = data.metrics
  assert(
    auprc !== undefined && cost !== undefined,
    '체크포인트 2: 메트릭 valid_auprc나 valid_cost가 없습니다. logMetrics를 채우십시오.',
  )
  assert(
    outputs.length > 0,
    '체크포인트 2: 실행에 모델이 없습니다. logModel(booster, { spec, inputExample: valid.x })을 부르십시오.',
  )
  // 기록된 모델을 불러 다시 잽니다.
  const { booster } = await loadModel(`runs:/${info.runId}/model`, async () => client)
  const trainScores = booster.predict(train.x)
  assert.notEqual(
    auprc,
    numberOf(averagePrecisionScore(train.y, trainScores)),
    '체크포인트 2: valid_auprc가 train으로 잰 값입니다. 배운 데이터의 점수는 높게 나옵니다. valid.x와 valid.y로 재십시오.',
  )
  const validScores = booster.predict(valid.x)
  assert.equal(
    auprc,
    numberOf(averagePrecisionScore(valid.y, validScores)),
    '체크포인트 2: 기록된 모델로 다시 잰 valid_auprc가 다릅니다. 같은 booster의 점수인지 확인하십시오.',
  )
  assert.equal(
    cost,
    numberOf(calculateFdsMetrics(valid.y, validScores).cost),
    '체크포인트 2: valid_cost가 다릅니다. valid로, 임곗값 0.18로 잰 cost인지 확인하십시오.',
  )
}
console.log('✅ 체크포인트 2 통과: 기록된 모델을 다시 불러 재면 기록된 메트릭이 그대로 나옵니다.')

// %% concept
/*
## 3. FDS 지표: 정확도 99 %짜리 쓸모없는 모델

**왜 필요한가?** 거래 100건 가운데 사기는 1건입니다. 모든 거래를 정상이라고 답하는 모델은 정확도 99 %입니다. 사기는 한
건도 못 잡습니다. valid 20,000건에 사기 182건이면, 이 모델이 놓친 비용은 182 × 100 = 18,200입니다.

그래서 지표를 세 층으로 봅니다. 오류 한 건의 비용은 놓친 사기(FN) 100, 오탐(FP) 1로 둡니다.

| 층 | 지표 | 무엇을 말하는가 |
| --- | --- | --- |
| 1. 순위와 탐지 | `auc_roc`, `auprc`, `recall`, `precision` | 사기를 위로 올리는가, 몇 건을 잡는가 |
| 2. 돈 | `threshold`, `cost` = FN × 100 + FP × 1 | 이 임곗값(threshold)으로 판정하면 얼마인가 |
| 3. 운영 | `f1_score`, `fpr` | 정상 고객을 얼마나 귀찮게 하는가 |

**재현율(recall)** 은 사기 가운데 잡은 비율, **정밀도(precision)** 는 잡은 것 가운데 진짜 사기의 비율입니다.
**AUPRC**는 둘의 곡선 아래 넓이로, 사기 비율 1 %인 데이터에서 아무렇게나 매긴 점수는 0.01쯤입니다. AUC-ROC는 같은
점수에 0.5를 줍니다. 그래서 AUC-ROC 0.97은 높아 보이지만, 알림 100건 중 몇 건이 진짜인지는 말해 주지 않습니다.

**생각해 볼 질문.** AUC-ROC가 0.97인 모델의 알림 100건 중 85건이 오탐일 수 있는 까닭은 무엇일까요?
*/

// %% example
const moderateScores = manual.booster.predict(valid.x)
const moderateMetrics = calculateFdsMetrics(valid.y, moderateScores)
const silentMetrics = calculateFdsMetrics(valid.y, new Float32Array(valid.y.length))

function accuracyOf({ tp, tn, rows }: FdsMetrics): string {
  return table4((tp + tn) / rows)
}
function textOf(answer: Answer): string {
  return isNoAnswer(answer) ? `답 없음 (${answer.reason})` : answer.toFixed(4)
}

const pr = precisionRecallCurve(valid.y, moderateScores)
assert(!isNoAnswer(pr))
await show(
  table(
    ['지표', '모두 정상이라고 답하는 모델', 'manual_depth4'],
    [
      ['정확도', accuracyOf(silentMetrics), accuracyOf(moderateMetrics)],
      ['auc_roc', textOf(silentMetrics.auc_roc), textOf(moderateMetrics.auc_roc)],
      ['auprc', textOf(silentMetrics.auprc), textOf(moderateMetrics.auprc)],
      ['recall', textOf(silentMetrics.recall), textOf(moderateMetrics.recall)],
      ['precision', textOf(silentMetrics.precision), textOf(moderateMetrics.precision)],
      ['놓친 사기 FN', silentMetrics.fn, moderateMetrics.fn],
      ['오탐 FP', silentMetrics.fp, moderateMetrics.fp],
      ['cost', numberOf(silentMetrics.cost), numberOf(moderateMetrics.cost)],
    ],
  ),
  plot({
    title: '정밀도와 재현율 곡선',
    subtitle: 'valid 20,000건, 임곗값을 낮출수록 오른쪽으로 갑니다',
    x: ['재현율', 0, 1],
    y: ['정밀도', 0, 1],
    series: [
      {
        name: 'manual_depth4',
        line: Array.from(pr.recall, (recall, at) => [recall, pr.precision[at]!] as const),
        color: COLORS.blue,
      },
      {
        name: '임곗값 0.18',
        dots: [[numberOf(moderateMetrics.recall), numberOf(moderateMetrics.precision)]],
        color: COLORS.vermilion,
        size: 12,
        words: ['0.18'],
      },
    ],
  }),
)

// %% concept
/*
## 4. Autolog: 자동으로 남는 것과 남지 않는 것

**왜 필요한가?** 손으로 남기면 빠뜨립니다. 금요일 저녁에 `learning_rate`만 바꿔 한 번 더 돌렸는데, `logParams`에는 예전
값이 상수로 적혀 있었습니다. 기록은 0.1, 실제는 0.05입니다. 빠진 기록보다 틀린 기록이 더 나쁩니다.

`autolog()`를 한 번 부르면 그 뒤의 `trainBooster`는 모두 **실제로 쓴 값**을 남깁니다. Python의
`mlflow.xgboost.autolog(log_models=False)`와 같은 이름으로 남깁니다.

| Autolog가 남기는 것 | 남기지 못하는 것 |
| --- | --- |
| 모든 파라미터(기본값 포함) | 어떤 임곗값으로 판정할지 |
| 평가 데이터의 라운드별 메트릭 | 놓친 사기의 비용 |
| 조기 종료(early stopping)의 최적 라운드 | 아무도 보지 않은 test의 점수 |
| 데이터 세트의 이름, 컬럼, 다이제스트(digest) | 이 모델을 써도 되는지에 대한 판단 |
| 피처 중요도(JSON, 그림) | |

왼쪽은 학습이 아는 것이고 오른쪽은 업무가 아는 것입니다. 그래서 둘을 함께 씁니다. Autolog로 학습을 남기고,
`calculateFdsMetrics`의 결과를 손으로 더합니다. Autolog는 프로세스 전체에 걸리므로, 다 쓰면 `autolog({ disable: true })`로
끕니다.

**생각해 볼 질문.** Autolog가 비용을 스스로 계산해 주지 못하는 까닭은 무엇일까요?
*/

// %% example
await setExperiment(EXPERIMENT)

autolog()
const autoRunId = await startRun({ runName: 'xgb_autolog' }, async (run) => {
  const booster = trainBooster(
    {
      ...FIXED,
      nEstimators: 400,
      maxDepth: 6,
      learningRate: 0.1,
      evalMetric: ['logloss', 'aucpr'],
      // 마지막 데이터의 마지막 지표(valid의 aucpr)가 30라운드 동안 오르지 않으면 멈춥니다.
      earlyStoppingRounds: 30,
    },
    {
      x: train.x,
      y: train.y,
      featureNames: features,
      evalSets: [
        { name: 'train', x: train.x, y: train.y },
        { name: 'valid', x: valid.x, y: valid.y },
      ],
    },
  )
  // Autolog가 모르는 것: 아무도 보지 않은 test, 임곗값, 비용
  const metrics = calculateFdsMetrics(test.y, booster.predict(test.x), { threshold: 0.18 })
  await logMetrics({
    test_recall: numberOf(metrics.recall),
    test_auprc: numberOf(metrics.auprc),
    cost: numberOf(metrics.cost),
    threshold: metrics.threshold,
  })
  return run.info.runId
})
autolog({ disable: true })

const autoRun = await getRun(autoRunId)
const [trainCurve, validCurve] = await Promise.all(
  ['train-aucpr', 'valid-aucpr'].map((key) => client.getMetricHistory(autoRunId, key)),
)
// Autolog는 마지막에 최적 라운드의 값을 한 번 더 남깁니다. 곡선에서는 뺍니다.
const pointsOf = (history: typeof validCurve) =>
  (history ?? []).slice(0, -1).map(({ step, value }) => [step, value] as const)
const bestRound = autoRun.data.metrics['best_iteration']!
await show(
  table(
    ['누가', '무엇을', '값'],
    [
      ['Autolog', '파라미터 수', Object.keys(autoRun.data.params).length],
      ['Autolog', '데이터 세트', autoRun.inputs.map(({ dataset }) => dataset.name).join(', ')],
      ['Autolog', 'best_iteration', bestRound],
      ['Autolog', 'stopped_iteration', autoRun.data.metrics['stopped_iteration']],
      ['Autolog', 'valid-aucpr', autoRun.data.metrics['valid-aucpr']],
      ['손으로', 'test_auprc', autoRun.data.metrics['test_auprc']],
      ['손으로', 'test_recall', autoRun.data.metrics['test_recall']],
      ['손으로', 'cost', autoRun.data.metrics['cost']],
    ],
  ),
  plot({
    title: 'Autolog가 남긴 학습 곡선',
    subtitle: 'train은 1에 다가가지만 valid는 더 오르지 않습니다. 과적합이 벌어지는 모습입니다',
    x: ['라운드', 0],
    y: ['aucpr', 0.4, 1],
    series: [
      { name: 'train', line: pointsOf(trainCurve), color: COLORS.grey },
      { name: 'valid', line: pointsOf(validCurve), color: COLORS.blue },
      {
        name: '최적 라운드',
        dots: pointsOf(validCurve).slice(bestRound, bestRound + 1),
        color: COLORS.vermilion,
        size: 12,
        words: [String(bestRound)],
      },
    ],
  }),
)

// %% exercise 3
/*
### 실습 3. Autolog + 커스텀 메트릭

Autolog로 학습을 남기고 FDS 지표를 손으로 더하는 함수 `trainWithAutolog`를 완성합니다.

- **입력:** 실행 이름 `runName`, 판정에 쓸 임곗값 `threshold`
- **출력:** 실행의 번호
- **남길 것:** Autolog의 파라미터와 라운드별 메트릭. test로 잰 `test_recall`, `test_auprc`, `cost`, `threshold`.
- **조건:** 함수가 끝나면 Autolog는 꺼져 있어야 합니다.
- **힌트:** `autolog()`는 학습보다 먼저 불러야 합니다. `calculateFdsMetrics(y, 점수, { threshold })`.
*/

// %% todo 3
let trainWithAutolog: (runName: string, threshold: number) => Promise<string> = (
  runName,
  threshold,
) =>
  startRun({ runName }, async (run) => {
    // TODO: Autolog를 켭니다.
    const booster = trainBooster(
      { ...FIXED, nEstimators: 30, maxDepth: 4, learningRate: 0.2 },
      {
        x: train.x,
        y: train.y,
        featureNames: features,
        evalSets: [{ name: 'valid', x: valid.x, y: valid.y }],
      },
    )
    // TODO: Autolog를 끕니다.
    // TODO: test로 calculateFdsMetrics를 부르고 네 값을 logMetrics로 남깁니다.
    return run.info.runId
  })

// %% solution 3
// 정답 3
trainWithAutolog = (runName, threshold) =>
  startRun({ runName }, async (run) => {
    autolog()
    const booster = trainBooster(
      { ...FIXED, nEstimators: 30, maxDepth: 4, learningRate: 0.2 },
      {
        x: train.x,
        y: train.y,
        featureNames: features,
        evalSets: [{ name: 'valid', x: valid.x, y: valid.y }],
      },
    )
    autolog({ disable: true })
    const metrics = calculateFdsMetrics(test.y, booster.predict(test.x), { threshold })
    await logMetrics({
      test_recall: numberOf(metrics.recall),
      test_auprc: numberOf(metrics.auprc),
      cost: numberOf(metrics.cost),
      threshold,
    })
    return run.info.runId
  })
const solved3 = await Promise.all(
  [0.18, 0.5].map(async (threshold) => getRun(await trainWithAutolog('solution_3', threshold))),
)
table(
  ['임곗값', 'test_auprc', 'test_recall', 'cost'],
  solved3.map(({ data: { metrics } }) => [
    metrics['threshold'],
    metrics['test_auprc'],
    metrics['test_recall'],
    metrics['cost'],
  ]),
)

// %% mistake 3: threshold를 calculateFdsMetrics에 넘기지
trainWithAutolog = (runName, threshold) =>
  startRun({ runName }, async (run) => {
    autolog()
    const booster = trainBooster(
      { ...FIXED, nEstimators: 30, maxDepth: 4, learningRate: 0.2 },
      {
        x: train.x,
        y: train.y,
        featureNames: features,
        evalSets: [{ name: 'valid', x: valid.x, y: valid.y }],
      },
    )
    autolog({ disable: true })
    const metrics = calculateFdsMetrics(test.y, booster.predict(test.x))
    await logMetrics({
      test_recall: numberOf(metrics.recall),
      test_auprc: numberOf(metrics.auprc),
      cost: numberOf(metrics.cost),
      threshold,
    })
    return run.info.runId
  })

// %% checkpoint 3
await setExperiment(EXPERIMENT)
// 이 실습의 학습은 늘 같은 모델을 만듭니다. 답을 따로 계산해 비교합니다.
const expected3 = trainBooster(
  { ...FIXED, nEstimators: 30, maxDepth: 4, learningRate: 0.2 },
  { x: train.x, y: train.y, featureNames: features },
).predict(test.x)
for (const threshold of [0.18, 0.4]) {
  const { data, info } = await getRun(await trainWithAutolog('checkpoint_3', threshold))
  assert(
    data.params['num_boost_round'] !== undefined,
    '체크포인트 3: Autolog의 기록이 없습니다. autolog()를 trainBooster보다 먼저 부르십시오.',
  )
  const rounds = await client.getMetricHistory(info.runId, 'valid-logloss')
  assert.equal(
    rounds.length,
    30,
    '체크포인트 3: 라운드별 메트릭이 30개가 아닙니다. 학습 하나만 Autolog로 남기는지 확인하십시오.',
  )
  const { test_recall, test_auprc, cost } = data.metrics
  assert(
    test_recall !== undefined && test_auprc !== undefined && cost !== undefined,
    '체크포인트 3: test_recall, test_auprc, cost 가운데 빠진 것이 있습니다. logMetrics를 채우십시오.',
  )
  assert.equal(
    data.metrics['threshold'],
    threshold,
    '체크포인트 3: 메트릭 threshold가 함수에 넘긴 임곗값과 다릅니다.',
  )
  const expected = calculateFdsMetrics(test.y, expected3, { threshold })
  assert.equal(
    test_auprc,
    expected.auprc,
    '체크포인트 3: test_auprc가 다릅니다. test.x로 점수를 매기고 test.y와 비교하는지 확인하십시오.',
  )
  assert.deepEqual(
    [test_recall, cost],
    [expected.recall, expected.cost],
    '체크포인트 3: test_recall과 cost가 다른 임곗값에서 잰 값입니다. threshold를 calculateFdsMetrics에 넘기지 않으면 늘 0.18입니다.',
  )
}
const countRuns = async () => (await searchRuns()).length
const runsBefore = await countRuns()
trainBooster({ nEstimators: 1 }, { x: [[0], [1]], y: [0, 1] })
await flushAutolog()
assert.equal(
  await countRuns(),
  runsBefore,
  '체크포인트 3: 함수가 끝난 뒤에도 Autolog가 켜져 있습니다. autolog({ disable: true })로 끄십시오.',
)
console.log('✅ 체크포인트 3 통과: 학습은 Autolog가, 임곗값과 비용은 사람이 남겼습니다.')

// %% concept
/*
## 5. 탐색: 50번의 시도를 어떻게 고르는가

**왜 필요한가?** 트리 수 100~500, 깊이 4~12, 학습률 0.01~0.3을 격자로 다 해 보려면 학습률을 10칸으로만 잘라도
401 × 9 × 10 = 36,090번입니다. 한 번에 0.7초라면 7시간입니다. 손으로 고르면 사람은 "깊이 6, 학습률 0.1" 근처만 맴돌고,
왜 그 값이었는지는 남지 않습니다.

**스터디(study)** 는 목적 함수의 값이 가장 좋은 파라미터를 찾는 탐색이고, 그 안의 시도 하나가 **트라이얼(trial)** 입니다.
다음에 무엇을 시도할지는 **샘플러(sampler)** 가 정합니다. `TPESampler`는 지금까지의 트라이얼을 좋은 쪽과 나쁜 쪽으로
나누고, 좋은 쪽에서 자주 나온 값 근처를 더 시도합니다. 처음 10번은 무작위입니다.

| Python (Optuna) | 이 시스템 |
| --- | --- |
| `optuna.create_study(direction="maximize")` | `createStudy({ direction: 'maximize' })` |
| `trial.suggest_int("max_depth", 4, 12)` | `trial.suggestInt('max_depth', 4, 12)` |
| `trial.suggest_float(…, log=True)` | `trial.suggestFloat(…, { log: true })` |
| `study.optimize(objective, n_trials=50)` | `await study.optimize(objective, { nTrials: 50 })` |

같은 시드를 주면 Optuna 5.0.0과 같은 값을 같은 순서로 시도합니다. 테스트가 트라이얼 하나하나를 비교합니다. 기본 방향이
`minimize`인 것까지 같으니, 클수록 좋은 AUPRC에는 방향을 꼭 적어야 합니다.

학습률은 `log: true`로 찾습니다. 0.01과 0.02의 차이는 0.2와 0.21의 차이보다 훨씬 크기 때문입니다.

**생각해 볼 질문.** 트라이얼 50개를 한꺼번에 무작위로 뽑지 않고 하나씩 차례로 고르면 무엇을 얻고 무엇을 잃을까요?
*/

// %% example
// 답을 아는 함수로 먼저 봅니다. −(x − 0.3)²은 x = 0.3에서 가장 큽니다.
const toy = createStudy({ direction: 'maximize', sampler: new TPESampler({ seed: 42 }) })
await toy.optimize((trial) => -((trial.suggestFloat('x', 0, 1) - 0.3) ** 2), { nTrials: 50 })
const toyPoints = toy.trials.map(({ number, params }) => [number, params['x'] as number] as const)
const distanceOf = (from: number, to: number) =>
  toyPoints.slice(from, to).reduce((sum, [, x]) => sum + Math.abs(x - 0.3), 0) / (to - from)
await show(
  plot({
    title: 'TPE가 고른 값',
    subtitle: '처음 10번은 무작위, 그다음은 좋았던 값의 근처. 정답은 0.3입니다',
    x: ['트라이얼 번호', 0, 50],
    y: ['x', 0, 1],
    series: [
      { name: '무작위', dots: toyPoints.slice(0, 10), color: COLORS.grey },
      { name: 'TPE', dots: toyPoints.slice(10), color: COLORS.blue },
      {
        name: '정답',
        line: [
          [0, 0.3],
          [50, 0.3],
        ],
        color: COLORS.vermilion,
      },
    ],
  }),
  table(
    ['트라이얼', '정답에서 떨어진 거리의 평균'],
    [
      ['0 ~ 9', distanceOf(0, 10)],
      ['10 ~ 29', distanceOf(10, 30)],
      ['30 ~ 49', distanceOf(30, 50)],
    ],
  ),
)

// %% concept
/*
## 6. Nested run: 실행 51개를 한 줄로 세우지 않기

**왜 필요한가?** 50번의 트라이얼을 그냥 남기면 실험 목록에 실행이 50줄 늘어납니다. 지난주 스터디 50줄, 동료의 스터디
50줄과 섞이면 150줄입니다. 정렬해서 맨 위의 것을 골랐는데 다른 데이터로 잰 지난주 것일 수 있습니다.

**Nested run**은 실행 안의 실행입니다. 스터디가 부모, 트라이얼이 자식입니다. 자식은 태그 `mlflow.parentRunId`로 부모를
가리키고, UI는 이를 접힌 나무로 보여 줍니다. 부모에는 결론만 남깁니다: `best_max_depth` 같은 파라미터와 `best_auprc`.

`startRun` 안에서 `startRun`을 부르려면 `nested: true`를 적어야 합니다. 적지 않으면 오류입니다. 실행을 끝내는 것을 잊은
코드가 조용히 엉뚱한 부모 아래에 기록하는 일을 막습니다.

**생각해 볼 질문.** 트라이얼 하나가 학습 중에 죽었습니다. 부모와 나머지 49개의 기록은 어떻게 되어야 할까요?
*/

// %% example
await setExperiment(EXPERIMENT)

// 구간 번호로 바꾼 행렬을 한 번만 만들어 50번의 학습이 함께 씁니다(7절).
const bins = quantileMatrix(train.x)
// 부스터는 아래 9절에서 다시 봅니다.
const trialBoosters: Booster[] = []

const study = createStudy({ direction: 'maximize', sampler: new TPESampler({ seed: 42 }) })

const objective = (trial: Trial) =>
  startRun({ nested: true, runName: `trial_${trial.number}` }, async () => {
    const nEstimators = trial.suggestInt('n_estimators', 100, 500)
    const maxDepth = trial.suggestInt('max_depth', 4, 12)
    const learningRate = trial.suggestFloat('learning_rate', 0.01, 0.3, { log: true })
    await logParams({
      n_estimators: nEstimators,
      max_depth: maxDepth,
      learning_rate: learningRate,
    })
    const booster = trainBooster(
      { nEstimators, maxDepth, learningRate, ...FIXED },
      { x: bins, y: train.y, featureNames: features },
    )
    trialBoosters.push(booster)
    const auprc = numberOf(averagePrecisionScore(valid.y, booster.predict(valid.x)))
    await logMetric('auprc', auprc)
    return auprc
  })

// 먼저 20번: 무작위 10번 다음에 TPE가 고르기 시작합니다.
const studyRunId = await startRun({ runName: 'optuna_50trials' }, async (run) => {
  await study.optimize(objective, { nTrials: 20 })
  return run.info.runId
})
const bestOf = (from: number, to: number) =>
  Math.max(...study.trials.slice(from, to).map(({ value }) => value!))
table(
  ['트라이얼', '고른 방법', '그중 최고 valid AUPRC'],
  [
    ['0 ~ 9', '무작위', bestOf(0, 10)],
    ['10 ~ 19', 'TPE', bestOf(10, 20)],
  ],
)

// %% example
// 스터디는 이어서 할 수 있습니다. 같은 부모 실행을 다시 열고 30번을 더합니다.
await startRun({ runId: studyRunId }, async () => {
  await study.optimize(objective, { nTrials: 30 })
  // 부모에는 결론만 남깁니다.
  for (const [name, value] of Object.entries(study.bestParams))
    await logParam(`best_${name}`, value as number)
  await logMetric('best_auprc', study.bestValue)
})

await show(
  koreanPlot(plotOptimizationHistory(study, { targetName: 'valid AUPRC' })),
  table(
    ['가장 좋은 트라이얼', '값'],
    [
      ['번호', study.bestTrial.number],
      ['valid AUPRC', study.bestValue],
      ...Object.entries(study.bestParams).map(([name, value]) => [name, value as number]),
      ['20번째까지의 최고', bestOf(0, 20)],
      [
        '더 돌리면 나아지겠는가',
        isFurtherGainUnlikely(study) ? '거의 그렇지 않습니다' : '그럴 수 있습니다',
      ],
    ],
  ),
)

// %% example
// 뒤의 노트북들은 이 결과(BEST_PARAMS)에서 시작합니다. 스터디의 결과와 한 글자까지 같아야 합니다.
const { nEstimators, maxDepth, learningRate } = BEST_PARAMS
assert.deepEqual(study.bestParams, {
  n_estimators: nEstimators,
  max_depth: maxDepth,
  learning_rate: learningRate,
})

// 서버에 묻습니다: 이 스터디의 트라이얼 가운데 auprc가 0.695를 넘는 것을, 높은 순서로
const topTrials = await searchRuns({
  filter: `tags.mlflow.parentRunId = '${studyRunId}' and metrics.auprc > 0.695`,
  orderBy: ['metrics.auprc DESC'],
})
table(
  ['실행', 'auprc', 'n_estimators', 'max_depth', 'learning_rate'],
  topTrials.map(({ info, data }) => [
    info.runName,
    data.metrics['auprc'],
    Number(data.params['n_estimators']),
    Number(data.params['max_depth']),
    Number(data.params['learning_rate']),
  ]),
)

// %% example
// 스터디가 배운 것. 단면에서 점의 색은 트라이얼의 순서입니다: 밝을수록 나중입니다.
await show(
  koreanPlot(plotParamImportances(study)),
  koreanPlot(plotSlice(study, { targetName: 'valid AUPRC' })),
  koreanPlot(
    plotContour(study, { params: ['max_depth', 'learning_rate'], targetName: 'valid AUPRC' }),
  ),
)
console.log(
  [
    '중요도: 상위 10 %에 드는지를 가르는 것은 깊이와 학습률이고, 트리 수는 그다음입니다.',
    '단면: 학습률이 0.02보다 작은 다섯 번은 모두 0.68에 못 미칩니다. 트리를 다 써도 덜 배웠습니다.',
    '등고선: 좋은 곳은 한 점이 아니라 깊이 9~11, 학습률 0.05~0.13의 넓은 언덕입니다.',
  ].join('\n'),
)

// %% concept
/*
## 7. GPU의 자리: 여기서는 무엇이 빠르게 하는가

**왜 필요한가?** 명세의 실습은 `device='cuda'`로 GPU에서 50번을 학습합니다. 그런데 GPU를 빌린 노트북에서 만든 절차가
CI 서버와 동료의 노트북에서 돌지 않으면, 그 결과는 아무도 다시 확인하지 못합니다. 또 60,000행 × 31열은 GPU에
작습니다. 옮기고 띄우는 시간이 계산보다 길어지기 쉽습니다.

이 시스템에는 GPU 코드가 없습니다. 그 자리를 셋이 대신합니다.

- **구간(bin)을 한 번만 만듭니다.** 트리는 값이 아니라 256개 이하의 구간 번호를 봅니다. `quantileMatrix`로 한 번 바꾸면
  트라이얼 50개가 같은 메모리를 씁니다.
- **커널(kernel)이 WebAssembly입니다.** 행과 구간을 도는 반복문은 128비트 명령으로 돕니다.
- **스레드(thread)** 가 일을 나눕니다. 스레드 수가 달라도 모델은 비트까지 같습니다.

두 코어에서 100,000행 × 50열의 같은 탐색 50회에 35초가 걸렸습니다. Optuna 5.0.0과 XGBoost 3.2.0은 같은 기계에서
121초였습니다([수치](../../docs/numbers.md)). GPU에서 학습한 XGBoost 모델도 버릴 필요는 없습니다. 모델 파일 형식이 같아서
Python이 `mlflow.xgboost.log_model`로 남긴 모델을 여기서 읽고 서빙합니다.

**생각해 볼 질문.** 스레드 수에 따라 모델이 조금씩 달라진다면, 이 노트북의 어떤 확인이 불가능해질까요?
*/

// %% example
const SMALL = { ...FIXED, nEstimators: 40, maxDepth: 6, learningRate: 0.1 }
const waysToTrain = {
  '원래 행렬, 모든 코어': trainBooster(SMALL, { x: train.x, y: train.y }),
  '구간 행렬, 모든 코어': trainBooster(SMALL, { x: bins, y: train.y }),
  '구간 행렬, 스레드 1개': trainBooster({ ...SMALL, nJobs: 1 }, { x: bins, y: train.y }),
}
const firstWay = waysToTrain['원래 행렬, 모든 코어'].predict(valid.x)
await show(
  diagram({
    title: '구간 행렬 하나를 50번의 학습이 함께 쓴다',
    boxes: {
      rows: [0, 1, '거래 60,000건', '피처 31개, float32'],
      bins: [1, 1, '구간 행렬', '공유 메모리, 칸마다 1바이트'],
      first: [2, 0, '트라이얼 0', '트리 250개, 깊이 12'],
      second: [2, 1, '트라이얼 1', '트리 340개, 깊이 5'],
      last: [2, 2, '트라이얼 49', '트리 313개, 깊이 9'],
    },
    arrows: [
      ['rows', 'bins', '한 번만'],
      ['bins', 'first'],
      ['bins', 'second', '50번'],
      ['bins', 'last'],
    ],
  }),
  table(
    ['학습 방법', 'valid AUPRC', '점수가 다른 거래 수'],
    Object.entries(waysToTrain).map(([way, booster]) => {
      const scores = booster.predict(valid.x)
      const different = scores.reduce(
        (count, score, at) => count + Number(score !== firstWay[at]),
        0,
      )
      return [way, numberOf(averagePrecisionScore(valid.y, scores)), different]
    }),
  ),
)

// %% exercise 4
/*
### 실습 4. Optuna 50 trials (Nested Runs, GPU)

50회 탐색은 위 예제가 마쳤습니다. 이제 작은 공간에서 같은 일을 하는 `runStudy`를 직접 만듭니다.

- **입력:** 트라이얼 수 `nTrials`
- **출력:** `{ study, runId }`. `runId`는 부모 실행의 번호입니다.
- **공간:** `n_estimators` 10~40, `max_depth` 2~5(둘 다 정수). 나머지는 `FIXED`와 학습률 0.2.
- **남길 것:** 트라이얼마다 nested run 하나: 파라미터와 메트릭 `auprc`(valid). 부모에는 `best_n_estimators`, `best_max_depth`와
  메트릭 `best_auprc`.
- **힌트:** `startRun({ nested: true, runName: … }, async () => …)`. 스터디의 기본 방향은 `minimize`입니다.
*/

// %% todo 4
let runStudy: (nTrials: number) => Promise<{ study: Study; runId: string }> = (nTrials) =>
  startRun({ runName: 'small_study' }, async (run) => {
    // TODO: 방향을 정합니다.
    const study = createStudy({ sampler: new TPESampler({ seed: 7 }) })
    await study.optimize(
      async (trial) => {
        // TODO: 이 함수의 몸통을 nested run 안에서 돌립니다.
        const nEstimators = trial.suggestInt('n_estimators', 10, 40)
        const maxDepth = trial.suggestInt('max_depth', 2, 5)
        // TODO: logParams로 파라미터를, logMetric으로 auprc를 남깁니다.
        const auprc: number = TODO // TODO: { x: bins, y: train.y }로 학습하고 valid로 잽니다.
        return auprc
      },
      { nTrials },
    )
    // TODO: 부모에 best_ 파라미터와 best_auprc를 남깁니다.
    return { study, runId: run.info.runId }
  })

// %% solution 4
// 정답 4
runStudy = (nTrials) =>
  startRun({ runName: 'small_study' }, async (run) => {
    const study = createStudy({ direction: 'maximize', sampler: new TPESampler({ seed: 7 }) })
    await study.optimize(
      (trial) =>
        startRun({ nested: true, runName: `trial_${trial.number}` }, async () => {
          const nEstimators = trial.suggestInt('n_estimators', 10, 40)
          const maxDepth = trial.suggestInt('max_depth', 2, 5)
          await logParams({ n_estimators: nEstimators, max_depth: maxDepth })
          const booster = trainBooster(
            { ...FIXED, nEstimators, maxDepth, learningRate: 0.2 },
            { x: bins, y: train.y },
          )
          const auprc = numberOf(averagePrecisionScore(valid.y, booster.predict(valid.x)))
          await logMetric('auprc', auprc)
          return auprc
        }),
      { nTrials },
    )
    for (const [name, value] of Object.entries(study.bestParams))
      await logParam(`best_${name}`, value as number)
    await logMetric('best_auprc', study.bestValue)
    return { study, runId: run.info.runId }
  })
const solved4 = await runStudy(12)
await show(
  koreanPlot(plotSlice(solved4.study, { targetName: 'valid AUPRC' })),
  table(
    ['결과', '값'],
    [
      ['트라이얼 수', solved4.study.trials.length],
      ['best_auprc', solved4.study.bestValue],
    ],
  ),
)

// %% mistake 4: direction을 'maximize'로
runStudy = (nTrials) =>
  startRun({ runName: 'small_study' }, async (run) => {
    const study = createStudy({ sampler: new TPESampler({ seed: 7 }) })
    await study.optimize(
      (trial) =>
        startRun({ nested: true, runName: `trial_${trial.number}` }, async () => {
          const nEstimators = trial.suggestInt('n_estimators', 10, 40)
          const maxDepth = trial.suggestInt('max_depth', 2, 5)
          await logParams({ n_estimators: nEstimators, max_depth: maxDepth })
          const booster = trainBooster(
            { ...FIXED, nEstimators, maxDepth, learningRate: 0.2 },
            { x: bins, y: train.y },
          )
          const auprc = numberOf(averagePrecisionScore(valid.y, booster.predict(valid.x)))
          await logMetric('auprc', auprc)
          return auprc
        }),
      { nTrials },
    )
    for (const [name, value] of Object.entries(study.bestParams))
      await logParam(`best_${name}`, value as number)
    await logMetric('best_auprc', study.bestValue)
    return { study, runId: run.info.runId }
  })

// %% checkpoint 4
await setExperiment(EXPERIMENT)
const tried = await runStudy(5)
const children = await searchRuns({ filter: `tags.mlflow.parentRunId = '${tried.runId}'` })
assert(
  children.length > 0,
  '체크포인트 4: 부모 실행에 자식이 없습니다. 목적 함수를 startRun({ nested: true, … }) 안에서 돌리십시오.',
)
assert.equal(children.length, 5, '체크포인트 4: 트라이얼마다 nested run이 하나여야 합니다.')
assert(
  children.every(({ data }) => data.params['n_estimators'] && data.params['max_depth']),
  '체크포인트 4: 파라미터가 없는 트라이얼이 있습니다. nested run 안에서 logParams를 부르십시오.',
)
assert(
  children.every(({ data }) => data.metrics['auprc'] !== undefined),
  '체크포인트 4: auprc가 없는 트라이얼이 있습니다. nested run 안에서 logMetric을 부르십시오.',
)
for (const { data } of children) {
  const again = trainBooster(
    {
      ...FIXED,
      nEstimators: Number(data.params['n_estimators']),
      maxDepth: Number(data.params['max_depth']),
      learningRate: 0.2,
    },
    { x: bins, y: train.y },
  ).predict(valid.x)
  assert.equal(
    data.metrics['auprc'],
    averagePrecisionScore(valid.y, again),
    '체크포인트 4: 기록된 파라미터로 다시 학습해도 auprc가 나오지 않습니다. 학습률 0.2, FIXED, valid인지 확인하십시오.',
  )
}
assert.equal(
  tried.study.direction,
  'maximize',
  "체크포인트 4: 스터디가 AUPRC를 작게 만들고 있습니다. createStudy의 direction을 'maximize'로 정하십시오.",
)
const parent = await getRun(tried.runId)
assert.equal(
  parent.data.metrics['best_auprc'],
  Math.max(...children.map(({ data }) => data.metrics['auprc']!)),
  '체크포인트 4: 부모의 best_auprc가 자식 가운데 가장 큰 auprc와 다릅니다.',
)
assert.deepEqual(
  [parent.data.params['best_n_estimators'], parent.data.params['best_max_depth']],
  [String(tried.study.bestParams['n_estimators']), String(tried.study.bestParams['max_depth'])],
  '체크포인트 4: 부모에 best_n_estimators와 best_max_depth를 남기십시오.',
)
console.log('✅ 체크포인트 4 통과: 부모 하나와 자식 다섯, 결론은 부모에 있습니다.')

// %% concept
/*
## 8. 피처 중요도: 많이 쓰인 것과 많이 도운 것

**왜 필요한가?** 심사 팀이 물었습니다. "모델이 무엇을 보고 막습니까?" 중요도 그림의 맨 위는 `declared_income`(고객이 신고한
소득)이었습니다. 팀은 소득 확인 절차를 강화했고, 사기는 줄지 않았습니다. 그림이 `weight`였기 때문입니다.

**피처 중요도(feature importance)** 는 종류가 여럿이고, 서로 다른 질문에 답합니다.

| 종류 | 무엇을 세는가 | 어디에 속는가 |
| --- | --- | --- |
| `weight` | 그 피처로 나눈 횟수 | 값이 다양한 피처가 커집니다 |
| `gain` | 나눌 때마다 줄어든 손실의 평균 | 딱 한 번 크게 도운 피처가 커집니다 |
| `total_gain` | 줄어든 손실의 합 = weight × gain | 서로 비슷한 피처끼리 몫을 나눕니다 |

소득처럼 값이 수천 가지인 피처는 나눌 곳이 많아 깊은 트리에서 자주 쓰입니다. 그러나 한 번에 돕는 양은 작습니다. XGBoost의
`plot_importance`와 MLflow의 Autolog는 기본이 `weight`이므로 그림을 볼 때 종류부터 확인해야 합니다.

중요도는 인과가 아닙니다. "이 피처를 바꾸면 사기가 준다"가 아니라 "이 모델이 점수를 매길 때 이 피처를 이만큼 썼다"입니다.

**생각해 볼 질문.** `total_gain`으로도 6위 안에 든 피처를 지웠는데 AUPRC가 그대로였습니다. 어떻게 그럴 수 있을까요?
*/

// %% example
await setExperiment(EXPERIMENT)

const best = trainBooster(BEST_PARAMS, { x: train.x, y: train.y, featureNames: features })
const bestRun = await startRun({ runName: 'best_model' }, async (run) => {
  const scores = best.predict(valid.x)
  await logMetrics({ valid_auprc: numberOf(averagePrecisionScore(valid.y, scores)) })
  await logFigure(importancePlot(best, { kind: 'total_gain' }), 'importance/total_gain.svg')
  const { modelUri } = await logModel(best, { spec, inputExample: valid.x })
  return { runId: run.info.runId, modelUri }
})
const artifacts = await client.listArtifacts(bestRun.runId, 'importance')

/** 중요도가 큰 순서로 여덟 피처와, 전체에서 차지하는 몫(%) */
function sharesOf(booster: Booster, kind: 'weight' | 'total_gain'): [string, number][] {
  const all = Object.entries(booster.importance(kind))
  const sum = all.reduce((total, [, value]) => total + value, 0)
  return all
    .map(([name, value]): [string, number] => [name, (100 * value) / sum])
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
}
const [byWeight, byGain] = [sharesOf(best, 'weight'), sharesOf(best, 'total_gain')]
const barsOf = (shares: [string, number][], at: number, color: string) => ({
  grid: { top: 92, bottom: 40, left: at === 0 ? 168 : 556, width: 180 },
  xAxis: {
    type: 'value' as const,
    gridIndex: at,
    splitNumber: 3,
    axisLabel: { formatter: '{value} %' },
  },
  yAxis: {
    type: 'category' as const,
    gridIndex: at,
    inverse: true,
    data: shares.map(([name]) => name),
    axisTick: { show: false },
  },
  series: {
    type: 'bar' as const,
    xAxisIndex: at,
    yAxisIndex: at,
    data: shares.map(([, share]) => share),
    itemStyle: { color },
    barWidth: 14,
    silent: true,
  },
  title: { text: at === 0 ? 'weight: 나눈 횟수' : 'total_gain: 줄인 손실의 합' },
})
const bars = [barsOf(byWeight, 0, COLORS.grey), barsOf(byGain, 1, COLORS.blue)]
await show(
  chart({
    title: '같은 모델, 두 가지 중요도',
    subtitle: '왼쪽은 weight(나눈 횟수), 오른쪽은 total_gain(줄인 손실의 합). 전체에서 차지하는 몫',
    option: {
      grid: bars.map(({ grid }) => grid),
      xAxis: bars.map(({ xAxis }) => xAxis),
      yAxis: bars.map(({ yAxis }) => yAxis),
      series: bars.map(({ series }) => series),
    },
  }),
  table(
    ['피처', 'weight 순위', 'total_gain 순위'],
    [...new Set([byWeight[0]![0], ...byGain.slice(0, 4).map(([name]) => name)])].map((name) => {
      const rankIn = (kind: 'weight' | 'total_gain') =>
        1 +
        Object.entries(best.importance(kind))
          .sort(([, a], [, b]) => b - a)
          .findIndex(([other]) => other === name)
      return [name, rankIn('weight'), rankIn('total_gain')]
    }),
  ),
)
console.log(`실행에 남은 그림: ${artifacts.map(({ path }) => path).join(', ')}`)

// %% example
// 피처 하나를 모두 비우고(NaN) manual_depth4와 같은 파라미터로 다시 학습합니다.
function withoutFeature(name: string, x: Matrix): Matrix {
  const values = x.values.slice()
  const first = features.indexOf(name)
  for (let at = first; at < values.length; at += x.columnCount) values[at] = Number.NaN
  return { ...x, values }
}
const gainOrder = Object.entries(manual.booster.importance('total_gain'))
  .sort(([, a], [, b]) => b - a)
  .map(([name]) => name)
table(
  ['지운 피처', 'total_gain 순위', 'valid AUPRC'],
  [
    ['없음', null, numberOf(averagePrecisionScore(valid.y, manual.booster.predict(valid.x)))],
    ...['amount', 'hour'].map((name) => {
      const booster = trainBooster(MODERATE, { x: withoutFeature(name, train.x), y: train.y })
      const scores = booster.predict(withoutFeature(name, valid.x))
      const auprc = numberOf(averagePrecisionScore(valid.y, scores))
      return [name, gainOrder.indexOf(name) + 1, auprc]
    }),
  ],
)

// %% concept
/*
## 9. 승자의 저주: 50번 중 1등의 점수를 믿어도 되는가

**왜 필요한가?** 스터디는 valid에서 AUPRC 0.6989를 얻었습니다. 이 숫자를 보고서에 쓰고 배포했더니 다음 달 실제 값은
0.61이었습니다. 팀은 드리프트를 의심해 2주를 썼습니다. 드리프트는 없었습니다. 두 가지를 미리 알지 못했을 뿐입니다.

첫째, **구간마다 쉽고 어려움이 다릅니다.** 트라이얼 50개의 평균이 valid에서 0.682, test에서 0.599입니다. 사기가 200건도
안 되는 구간에서 AUPRC의 95 % 신뢰구간(confidence interval)은 너비가 0.13쯤이니 놀랄 일이 아닙니다.

둘째, **승자의 저주(winner's curse)** 입니다. 같은 valid로 50번 재고 그중 최댓값을 고르면, 고른 값에는 실력과 함께 운이
들어 있습니다. 1등과 10등의 차이는 0.006뿐입니다. 운은 test까지 따라오지 않습니다.

처방은 간단합니다.

1. 고르는 데이터(valid)와 재는 데이터(test)를 나눕니다. test는 마지막에 한 번만 봅니다.
2. 보고할 때는 test의 값과 신뢰구간을 함께 씁니다.
3. 고르는 기준이 업무의 기준과 같은지 봅니다. **AUPRC의 1등이 비용의 1등은 아닙니다.**

아래에서는 가르치려고 트라이얼 50개를 모두 test로 재 봅니다. 실무에서 이렇게 한 뒤 test의 1등을 고르면 test가 또 하나의
valid가 됩니다.

**생각해 볼 질문.** 그렇다면 test에서 가장 좋았던 트라이얼을 배포하면 안 되는 까닭은 무엇일까요?
*/

// %% example
const onTest = trialBoosters.map((booster) =>
  numberOf(averagePrecisionScore(test.y, booster.predict(test.x))),
)
const onValid = study.trials.map(({ value }) => value!)
const winner = study.bestTrial.number
const rankOf = (values: readonly number[], at: number) =>
  1 + values.filter((value) => value > values[at]!).length
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const bestOnTest = onTest.indexOf(Math.max(...onTest))

function intervalOf({ y, x }: typeof valid, booster: Booster): string {
  const interval = averagePrecisionInterval(y, booster.predict(x))
  return isNoAnswer(interval) ? '—' : interval.map(table4).join(' ~ ')
}
await show(
  plot({
    title: 'valid에서 고른 1등은 test에서 몇 등인가',
    subtitle: '트라이얼 50개, 점 하나가 모델 하나입니다',
    x: ['valid AUPRC (고른 데이터)', 0.6, 0.72],
    y: ['test AUPRC (아무도 보지 않은 데이터)', 0.52, 0.64],
    series: [
      {
        name: '트라이얼',
        dots: onValid.map((value, at) => [value, onTest[at]!] as const),
        color: COLORS.sky,
      },
      {
        name: 'valid의 1등',
        dots: [[onValid[winner]!, onTest[winner]!]],
        color: COLORS.vermilion,
        size: 13,
        words: [`트라이얼 ${winner}`],
      },
    ],
  }),
  table(
    ['트라이얼', 'valid AUPRC', 'valid 순위', 'test AUPRC', 'test 순위'],
    [
      ...[winner, bestOnTest].map((at) => [
        at,
        onValid[at]!,
        rankOf(onValid, at),
        onTest[at]!,
        rankOf(onTest, at),
      ]),
      ['50개의 평균', meanOf(onValid), undefined, meanOf(onTest), undefined],
    ],
  ),
  table(
    [`트라이얼 ${winner}`, '95 % 신뢰구간'],
    [
      ['valid AUPRC', intervalOf(valid, trialBoosters[winner]!)],
      ['test AUPRC', intervalOf(test, trialBoosters[winner]!)],
    ],
  ),
)
const leadOf = (values: readonly number[]) => table4(values[winner]! - meanOf(values))
console.log(
  `1등이 평균을 앞선 폭은 valid에서 ${leadOf(onValid)}, test에서 ${leadOf(onTest)}입니다. 차이가 운입니다.`,
)

// %% example
// 고르는 기준을 돈으로 바꿉니다. 임곗값은 모델마다 valid에서 비용이 가장 작은 곳으로 정하고, 비용은 test로 잽니다.
const rivals = { 'manual_depth4 (트리 150, 깊이 4)': manual.booster, [`트라이얼 ${winner}`]: best }
const costRows = Object.entries(rivals).map(([name, booster]) => {
  const scores = booster.predict(test.x)
  const optimal = findOptimalThreshold(valid.y, booster.predict(valid.x))
  assert(!isNoAnswer(optimal))
  const at018 = calculateFdsMetrics(test.y, scores)
  const atOptimal = calculateFdsMetrics(test.y, scores, { threshold: optimal.threshold })
  return [
    name,
    numberOf(at018.auprc),
    numberOf(at018.cost),
    optimal.threshold,
    numberOf(atOptimal.cost),
  ]
})
await show(
  table(
    ['모델', 'test AUPRC', '0.18에서의 비용', 'valid에서 고른 임곗값', '그 임곗값에서의 비용'],
    costRows,
  ),
)
console.log(
  [
    'AUPRC는 트라이얼이 높지만 비용은 두 임곗값 모두에서 더 큽니다.',
    '깊은 트리 497개는 점수를 0과 1 쪽으로 밀어붙여, 0.18이라는 임곗값이 다른 뜻이 됩니다.',
    '그래서 임곗값은 모델과 함께 저장하고, 승격은 비용으로 결정합니다(2-4, 2-5).',
  ].join('\n'),
)

// %% exercise 5
/*
### 실습 5. Best model 저장 및 Feature Importance

모델과 그 중요도를 실행 하나에 남기는 함수 `saveBest`를 완성합니다.

- **입력:** 부스터, 실행 이름
- **출력:** `{ runId, modelUri, top }`. `top`은 `total_gain`이 큰 순서로 피처 이름 다섯 개입니다.
- **남길 것:** 피처 명세가 함께 든 모델, 아티팩트 `importance/total_gain.svg`
- **힌트:** `logModel(booster, { spec, inputExample: valid.x })`의 `modelUri`, `importancePlot`과 `logFigure`,
  `Object.entries(booster.importance('total_gain'))`. `importance`가 돌려주는 순서는 피처의 순서이지 크기의 순서가 아닙니다.
*/

// %% todo 5
let saveBest: (
  booster: Booster,
  runName: string,
) => Promise<{ runId: string; modelUri: string; top: string[] }> = (booster, runName) =>
  startRun({ runName }, async (run) => {
    const modelUri: string = TODO // TODO: 모델을 남기고 주소를 받습니다.
    // TODO: total_gain 그림을 'importance/total_gain.svg'로 남깁니다.
    const top: string[] = TODO // TODO: 큰 것부터 다섯 개의 이름입니다.
    return { runId: run.info.runId, modelUri, top }
  })

// %% solution 5
// 정답 5
saveBest = (booster, runName) =>
  startRun({ runName }, async (run) => {
    const { modelUri } = await logModel(booster, { spec, inputExample: valid.x })
    await logFigure(importancePlot(booster, { kind: 'total_gain' }), 'importance/total_gain.svg')
    const top = Object.entries(booster.importance('total_gain'))
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(([name]) => name)
    return { runId: run.info.runId, modelUri, top }
  })
const solved5 = await saveBest(best, 'best_model_saved')
table(
  ['순위', 'total_gain이 큰 피처'],
  solved5.top.map((name, at) => [at + 1, name]),
)

// %% mistake 5: 큰 것부터
saveBest = (booster, runName) =>
  startRun({ runName }, async (run) => {
    const { modelUri } = await logModel(booster, { spec, inputExample: valid.x })
    await logFigure(importancePlot(booster, { kind: 'total_gain' }), 'importance/total_gain.svg')
    const top = Object.keys(booster.importance('total_gain')).slice(0, 5)
    return { runId: run.info.runId, modelUri, top }
  })

// %% checkpoint 5
await setExperiment(EXPERIMENT)
for (const booster of [best, manual.booster]) {
  const saved = await saveBest(booster, 'checkpoint_5')
  assert(
    saved.modelUri !== undefined && saved.top !== undefined,
    '체크포인트 5: saveBest가 아직 빈칸입니다. modelUri와 top을 채우십시오.',
  )
  const loaded = await loadModel(saved.modelUri, async () => client)
  assert.equal(
    loaded.spec?.hash,
    spec.hash,
    '체크포인트 5: 저장된 모델에 피처 명세가 없습니다. logModel에 spec을 넘기십시오. 없으면 거래를 그대로 채점하지 못합니다.',
  )
  assert.deepEqual(
    loaded.booster.predict(test.x),
    booster.predict(test.x),
    '체크포인트 5: 저장된 모델의 점수가 넘긴 부스터의 점수와 다릅니다. 같은 부스터를 남기는지 확인하십시오.',
  )
  const files = await client.listArtifacts(saved.runId, 'importance').catch(() => [])
  assert(
    files.some(({ path }) => path === 'importance/total_gain.svg'),
    "체크포인트 5: 아티팩트 'importance/total_gain.svg'가 없습니다. logFigure를 부르십시오.",
  )
  const gains = booster.importance('total_gain')
  const largest = Object.keys(gains)
    .sort((a, b) => gains[b]! - gains[a]!)
    .slice(0, 5)
  assert.equal(saved.top.length, 5, '체크포인트 5: top에는 피처 이름이 다섯 개 있어야 합니다.')
  assert.deepEqual(
    saved.top,
    largest,
    '체크포인트 5: top이 total_gain의 순서가 아닙니다. 큰 것부터 정렬한 다음에 다섯 개를 자르십시오.',
  )
}
console.log('✅ 체크포인트 5 통과: 모델, 피처 명세, 중요도가 실행 하나에 함께 남았습니다.')

// %% summary
/*
## 정리

- 주소와 실험을 먼저 고릅니다. 서버를 바꾸면 실험도 다시 고릅니다.
- 실행 하나에 파라미터, 메트릭, 모델이 함께 있습니다. 모델을 다시 불러 메트릭이 나오는지 확인했습니다.
- Autolog는 학습이 아는 것을, 사람은 업무가 아는 것(임곗값, 비용)을 남깁니다.
- 50번의 탐색은 부모 하나와 nested run 50개입니다. 1등은 트라이얼 38, valid AUPRC 0.6989입니다.
- 그 1등은 test에서 0.6107, 10등이고, 비용으로는 트리 150개짜리 모델에 집니다(3,987 대 3,623).
- 중요도는 종류를 확인합니다. `weight` 1위인 `declared_income`은 `total_gain`으로 8위입니다.

### 생각해 볼 질문의 답

1. **주소가 없을 때.** 운영에서는 오류가 안전합니다. 조용히 현재 폴더에 쓰면 실패를 모른 채 기록을 잃습니다.
2. **파라미터와 태그.** 파라미터는 끝난 일의 사실이라 바뀌면 거짓이 됩니다. 태그는 "검토함"처럼 나중에 달라지는 상태입니다.
3. **AUC-ROC 0.97과 오탐 85 %.** AUC-ROC의 오탐률은 정상 거래 전체로 나눕니다. 정상이 19,818건이면 4.7 %만 틀려도 오탐이
   925건이고, 잡은 사기는 162건뿐입니다. 정밀도는 0.149입니다.
4. **Autolog와 비용.** 비용은 데이터에 없습니다. 놓친 사기 한 건이 얼마인지, 어디서 막을지는 회사가 정합니다.
5. **차례로 고르기.** 앞의 결과를 배워 같은 횟수로 더 좋은 값을 찾습니다. 대신 동시에 여러 개를 돌리기 어렵습니다. 이
   시스템은 아직 도는 트라이얼도 샘플러가 알게 해서 여러 개를 함께 돌립니다.
6. **죽은 트라이얼.** 그 실행만 FAILED로 끝나고 이유가 남아야 합니다. 나머지는 그대로이고 스터디는 이어집니다.
   `TrackingStorage`를 쓰면 프로세스가 `kill -9`로 죽어도 다른 작업자가 같은 값을 한 번 더 시도합니다.
7. **스레드와 재현.** 기록된 파라미터로 다시 학습해 같은 점수가 나오는지 확인할 수 없습니다. 체크포인트 4가 하는 일입니다.
8. **지워도 그대로인 피처.** 다른 피처가 그 몫을 대신합니다. `manual_depth4`에서 `total_gain` 6위인 `hour`를 지우고 다시
   학습하면 valid AUPRC가 0.6463에서 0.6470이 됩니다. 1위인 `amount`를 지우면 0.5826으로 떨어집니다. 중요도는 "이 모델이
   썼다"이지 "없으면 안 된다"가 아닙니다. 후자는 지우고 다시 학습해야 압니다.
9. **test의 1등.** 50개 중 최댓값을 다시 고르는 일이므로 이번에는 test의 운이 들어갑니다. 그 값을 재 줄 데이터가 없어집니다.

### 면접 포인트

**Q: "MLflow를 왜 도입했나요?"**

> 기억과 스프레드시트로는 어떤 파라미터가 왜 좋았는지 다시 말할 수 없기 때문입니다. 저희는 학습마다 파라미터, 메트릭,
> 데이터의 다이제스트, 모델을 실행 하나에 남기고, 모델을 다시 불러 기록된 AUPRC가 그대로 나오는지 확인합니다. 이
> 프로젝트에서는 MLflow의 REST API를 TypeScript로 직접 구현해서 Python 클라이언트가 고칠 것 없이 붙습니다. 서버는
> 0.2초에 뜨고 메트릭 하나를 0.9 ms에 남깁니다. 같은 기계에서 MLflow 3.17은 9초와 52 ms였습니다. 호환은 MLflow 3.11과
> 3.17의 서버와 클라이언트를 나란히 돌려 비교합니다.

증거: [tracking-server.ts](../../src/tracking/server/tracking-server.ts),
[차이점 목록](../../docs/compatibility-mlflow.md), [수치](../../docs/numbers.md)

**Q: "FDS에서 어떤 지표를 추적하나요?"**

> 세 층입니다. 첫째 AUC-ROC, AUPRC와 재현율, 정밀도. 사기가 1 %라 정확도는 쓰지 않습니다. 모두 정상이라고 답해도 99 %가
> 나오니까요. 둘째 임곗값과 비용, FN×100 + FP×1입니다. 셋째 F1과 오탐률입니다. 핵심은 재현율과 비용입니다. 실제로 50회
> 탐색의 AUPRC 1등은 test에서 AUPRC 0.611로 단순한 모델의 0.587보다 높았지만, 비용은 3,987로 3,623보다 컸습니다. 비용을
> 함께 남기지 않았다면 더 비싼 모델을 배포했을 겁니다.

증거: [fds-metrics.ts](../../src/evaluation/fds-metrics.ts)

**Q: "Autolog만 쓰면 되지 않나요?"**

> Autolog는 학습이 아는 것만 압니다. 파라미터, 라운드별 메트릭, 최적 라운드, 중요도는 남기지만 임곗값, 비용, test의 점수는
> 남기지 못합니다. 그래서 Autolog로 틀릴 수 없는 것을 남기고 업무 지표를 손으로 더합니다. 같은 모델이라도 임곗값 0.18과
> 0.5에서 비용이 3,462와 6,512로 두 배쯤 달랐으니, 임곗값 없는 비용은 기록이 아닙니다.

증거: [autolog.ts](../../src/pipeline/autolog.ts)

**Q: "하이퍼파라미터 탐색은 어떻게 했고, 결과를 어떻게 믿나요?"**

> TPE로 50번, 트라이얼마다 nested run을 남겼습니다. 1등의 valid AUPRC는 0.6989였지만 보고하는 값은 아무도 보지 않은 test의
> 0.6107, 95 % 신뢰구간 0.54~0.68입니다. 1등이 평균을 앞선 폭은 valid 0.016에서 test 0.012로 줄었습니다. 샘플러는 시드가
> 같으면 Optuna 5.0.0과 같은 값을 시도하고, 테스트가 트라이얼마다 비교합니다.

증거: [tpe-sampler.ts](../../src/tuning/samplers/tpe-sampler.ts), [tpe-twin.test.ts](../../src/tuning/samplers/tpe-twin.test.ts),
[average-precision-interval.ts](../../src/evaluation/average-precision-interval.ts)

**Q: "50번을 학습하면 오래 걸리지 않나요? GPU를 썼나요?"**

> 행 10만 × 컬럼 50개의 탐색 50회가 GPU 없이 두 코어에서 35초였습니다. 값의 구간을 한 번만 만들어 모든 트라이얼이 공유하고, 히스토그램을 쌓는 반복문은
> WebAssembly로 돕니다. 같은 탐색이 Optuna와 XGBoost로는 121초였습니다. 스레드 수와 상관없이 모델이 비트까지 같아서,
> 기록된 파라미터로 다시 학습하면 점수가 정확히 같습니다.

증거: [quantile-matrix.ts](../../src/model/training/quantile-matrix.ts), [수치](../../docs/numbers.md)

**Q: "여러 사람이 동시에 탐색하거나 중간에 죽으면 어떻게 되나요?"**

> 스터디를 트래킹 서버에 둡니다. 여러 프로세스와 기계가 스터디 하나를 나눠 돌리고, 트라이얼 번호는 한 번만 나갑니다.
> 작업자가 죽으면 30초 뒤 그 트라이얼만 실패로 끝나고 다른 작업자가 같은 값을 다시 시도합니다. 명령으로는
> `npx fds tune --study week48`입니다.

증거: [tracking-storage.ts](../../src/pipeline/tracking-storage.ts)

### 다음으로

[2-2. MLflow Model Registry](2-2_mlflow_registry.ipynb)에서 이 노트북의 1등 모델을 등록하고 별칭으로 운영합니다.
*/
