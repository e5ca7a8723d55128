// %% title
/*
# 2-4. 비용 최적화와 CI/CD

모델의 점수는 아직 판정이 아닙니다. 점수를 돈으로 바꿔 판정 기준을 정하고, 그 기준이 깨지면 배포가 스스로 멈추게 만듭니다.

**학습 목표**

- 판정의 손익을 원 단위로 계산하고, 그 계산에 숨은 두 가지 함정을 말할 수 있습니다.
- 비용이 가장 작은 임곗값(threshold)을 격자 없이 정확히 찾고, 이론값과 비교할 수 있습니다.
- 0.18이라는 숫자가 어디서 나왔는지, 왜 다른 모델에는 쓸 수 없는지 설명할 수 있습니다.
- 고장 난 모델을 실제로 잡아내는 테스트를 쓰고, 그 테스트를 다시 시험할 수 있습니다.
- 코드·모델·데이터를 따로 지키는 GitHub Actions 워크플로와 드리프트 점검 스크립트를 쓸 수 있습니다.

**걸리는 시간** 90분쯤입니다. 전체 실행은 1분 안에 끝납니다.

**미리 알아야 할 것** 혼동 행렬(TP, FP, FN, TN)과 TypeScript의 함수입니다. 앞 노트북을 실행해 두지 않아도 됩니다.

**사용법** `TODO`가 있는 셀을 채우고 실행합니다 → 아래의 체크포인트를 실행합니다 → 막히면 접혀 있는 정답을 펼칩니다.
빈칸을 그대로 두고 전체를 실행하면 체크포인트만 실패하고, 실패한 자리에 힌트가 나옵니다.
*/

// %% imports
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Booster,
  type BusinessCost,
  calculateBusinessCost,
  calculateFdsMetrics,
  confusionMatrix,
  createPolicy,
  createRandom,
  DataDriftPreset,
  DEFAULT_POLICY,
  findOptimalThreshold,
  type OptimalThreshold,
  Report,
  rocAucInterval,
  runDriftMonitoring,
  saveXgboostModel,
  simulateTransactions,
  trainBooster,
  writeTable,
} from 'fds-system'
import { parse } from 'yaml'
import { courseHome, TODO } from '../lib/course.ts'
import { diagram } from '../lib/diagram.ts'
import { between, coursePayments } from '../lib/payments.ts'
import { plot } from '../lib/plot.ts'
import { type Ended, runNode, runTests } from '../lib/run-node.ts'
import { show, table } from '../lib/show.ts'

const home = courseHome('2-4')

// %% concept
/*
## 1. 판정의 가격

**왜 필요한가?** 모델 두 개가 최종 후보에 올랐습니다. 하나는 정확도(accuracy)가 99.0 %, 다른 하나는 96.0 %입니다.
99.0 %를 골랐더니 한 달 뒤 사기 피해가 그대로입니다. 그 모델은 모든 거래를 승인하고 있었습니다.
사기가 100건에 1건뿐이면 아무 일도 하지 않아도 99 %가 맞습니다. 정확도는 틀린 한 건의 값이 모두 같다고 보기 때문입니다.

실제로는 값이 다릅니다. 명세는 이렇게 가정합니다.

| 판정 | 정답은 사기 | 정답은 정상 |
| --- | --- | --- |
| **차단** | TP: 100만 원을 지켰습니다 | 오탐(FP): 고객 불편과 검토에 5만 원이 듭니다 |
| **승인** | 놓친 사기(FN): 100만 원을 잃었습니다 | TN: 아무 일도 없습니다 |

그래서 순절감액(net savings)은 `TP × 100만 − FN × 100만 − FP × 5만`입니다.
점수(score)가 임곗값(threshold) **이상**이면 차단합니다. 점수와 임곗값이 같으면 차단입니다.
실제 서비스는 승인·추가 인증·보류·차단의 네 단계로 나누지만, 여기서는 0.18 이상을 모두 차단이라고 부르겠습니다.

이 식에는 함정이 두 가지 있습니다.

**기간이 빠져 있습니다.** 명세의 코드는 받은 행 전체를 하루치로 보고 365를 곱합니다. 테스트 데이터는 36일치이므로
연간 금액이 36배로 부풀려집니다. 이 시스템은 `days`를 받아서 나눕니다.

**100만 원을 두 번 셉니다.** 사기 한 건을 막으면 −100만이 사라지고 +100만이 생깁니다. 차이는 200만 원입니다.
"모두 승인"을 0원으로 두고 비교하면 막은 사기 한 건의 값은 100만 원입니다. 전략의 **순서**를 정할 때 쓰는 비율은
100만 : 5만 = 20 : 1이 아니라 200만 : 5만 = **40 : 1**이 됩니다. 보고서에 숫자를 쓸 때는 무엇과 비교한 값인지 함께 적어야 합니다.

**생각해 볼 질문.** 사기 100건 중 70건을 막는 모델이 있습니다. 이 식의 순절감액은 4,000만 원(오탐은 제외)입니다.
모델이 없을 때와 비교하면 이 모델이 벌어 준 돈은 얼마입니까?
*/

// %% example
// 손으로 따라갈 수 있는 거래 여섯 건. 임곗값은 0.18입니다.
const six = { y: [1, 1, 0, 0, 0, 1], scores: [0.91, 0.05, 0.3, 0.02, 0.18, 0.44] }
const nameOf = (isFraud: boolean, isFlagged: boolean): string => {
  if (isFraud) return isFlagged ? 'TP: +100만' : 'FN: −100만'
  return isFlagged ? 'FP: −5만' : 'TN: 0'
}
const sixRows = six.scores.map((score, row) => {
  const isFraud = six.y[row] === 1
  const isFlagged = score >= 0.18
  return [isFraud ? '사기' : '정상', score, isFlagged ? '차단' : '승인', nameOf(isFraud, isFlagged)]
})
await show(table(['정답', '점수', '판정', '손익(원)'], sixRows))

const sixCost = calculateBusinessCost(six.y, six.scores, { threshold: 0.18 }) as BusinessCost
console.log(
  `TP 2건, FN 1건, FP 2건이므로 200만 − 100만 − 10만 = ${sixCost.net_savings / 10_000}만 원입니다.`,
)

// %% example
// 과정의 거래 100,000건: 앞 60 %로 배우고, 다음 20 %로 고르고, 마지막 20 %(36일)로 잽니다.
const { train, valid, test } = coursePayments()
const params = { nEstimators: 150, maxDepth: 5, learningRate: 0.08, minChildWeight: 5, seed: 2026 }
const model = trainBooster({ ...params, scalePosWeight: 20 }, train)
const validScores = model.predict(valid.x)
const testScores = model.predict(test.x)
const TEST_DAYS = 36

const manwon = (won: number): number => Math.round(won / 10_000)
const strategies = [
  ['모두 승인', 1.01],
  ['임곗값 0.5', 0.5],
  ['임곗값 0.18', 0.18],
  ['모두 차단', 0],
] as const
const strategyRows = strategies.map(([name, threshold]) => {
  const { tp, fp, fn, tn } = confusionMatrix(test.y, testScores, threshold)
  const options = { threshold, days: TEST_DAYS }
  const cost = calculateBusinessCost(test.y, testScores, options) as BusinessCost
  const accuracy = `${((100 * (tp + tn)) / test.y.length).toFixed(1)} %`
  return { name, accuracy, tp, fn, fp, cost }
})
await show(
  table(
    ['전략', '정확도', '막은 사기', '놓친 사기', '오탐', '36일의 순절감액(만 원)', '하루(만 원)'],
    strategyRows.map((row) => [
      row.name,
      row.accuracy,
      row.tp,
      row.fn,
      row.fp,
      manwon(row.cost.net_savings),
      manwon(row.cost.daily_savings),
    ]),
  ),
)
// '모두 차단'의 오탐은 9억 9,025만 원이라 그림에서는 뺍니다.
const drawn = strategyRows.slice(0, 3)
const stack = '손익'
plot({
  title: '같은 모델, 다른 임곗값',
  subtitle:
    '위로 갈수록 지킨 돈, 아래로 갈수록 잃은 돈입니다. 정확도가 가장 높은 전략이 가장 많이 잃습니다',
  x: '전략',
  y: '만 원',
  places: drawn.map(({ name, accuracy }) => `${name} (정확도 ${accuracy})`),
  series: [
    { name: '막은 사기', color: '#009e73', stack, bars: drawn.map(({ tp }) => 100 * tp) },
    { name: '놓친 사기', color: '#d55e00', stack, bars: drawn.map(({ fn }) => -100 * fn) },
    { name: '오탐', color: '#e69f00', stack, bars: drawn.map(({ fp }) => -5 * fp) },
  ],
  height: 380,
})

// %% exercise 1
/*
### 실습 1. 비용 함수 구현

라벨과 점수를 받아 손익을 계산하는 `businessCost`를 완성하십시오.

- **입력**: `y`(1이면 사기), `scores`, `{ threshold, days }`. `days`는 거래가 며칠치인지입니다.
- **출력**: 명세의 이름 그대로 `fn_cost`, `fp_cost`, `tp_savings`, `net_savings`, `daily_savings`,
  `annual_savings`.
  `fn_cost`와 `fp_cost`는 양수로 적습니다.
- **가격**: 놓친 사기 1,000,000원, 오탐 50,000원, 막은 사기 1,000,000원.

**힌트** 먼저 세 가지 건수를 세고 그다음 곱합니다. 하루치는 전체를 `days`로 나눈 값, 1년치는 하루치의 365배입니다.
*/

// %% todo 1
interface Cost {
  fn_cost: number
  fp_cost: number
  tp_savings: number
  net_savings: number
  daily_savings: number
  annual_savings: number
}
type CostFunction = (
  y: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: { threshold: number; days: number },
) => Cost

let businessCost: CostFunction = (y, scores, { threshold, days }) => {
  const counts = { tp: 0, fp: 0, fn: 0 }
  for (let row = 0; row < y.length; row++) {
    // TODO: 이 거래를 차단합니까?
    const isFlagged: boolean = TODO
    // TODO: tp, fp, fn 가운데 맞는 것을 하나 늘립니다.
  }
  // TODO: 건수에 가격을 곱합니다.
  const fn_cost: number = TODO
  const fp_cost: number = TODO
  const tp_savings: number = TODO
  // TODO: 전체, 하루, 1년의 순절감액입니다.
  const net_savings: number = TODO
  const daily_savings: number = TODO
  const annual_savings: number = TODO
  return { fn_cost, fp_cost, tp_savings, net_savings, daily_savings, annual_savings }
}

// %% solution 1
// 정답 1
businessCost = (y, scores, { threshold, days }) => {
  const counts = { tp: 0, fp: 0, fn: 0 }
  for (let row = 0; row < y.length; row++) {
    const isFlagged = scores[row]! >= threshold
    if (isFlagged && y[row] === 1) counts.tp++
    if (isFlagged && y[row] === 0) counts.fp++
    if (!isFlagged && y[row] === 1) counts.fn++
  }
  const fn_cost = counts.fn * 1_000_000
  const fp_cost = counts.fp * 50_000
  const tp_savings = counts.tp * 1_000_000
  const net_savings = tp_savings - fn_cost - fp_cost
  const daily_savings = net_savings / days
  const annual_savings = daily_savings * 365
  return { fn_cost, fp_cost, tp_savings, net_savings, daily_savings, annual_savings }
}
const mine = businessCost(test.y, testScores, { threshold: 0.18, days: TEST_DAYS })
table(
  ['항목', '만 원'],
  Object.entries(mine).map(([name, won]) => [name, manwon(won)]),
)

// %% mistake 1: 기간(days)으로 나누지
businessCost = (y, scores, { threshold }) => {
  const { tp, fp, fn } = confusionMatrix(Array.from(y), Array.from(scores), threshold)
  const [fn_cost, fp_cost, tp_savings] = [fn * 1_000_000, fp * 50_000, tp * 1_000_000]
  const net_savings = tp_savings - fn_cost - fp_cost
  return {
    ...{ fn_cost, fp_cost, tp_savings, net_savings },
    ...{ daily_savings: net_savings, annual_savings: net_savings * 365 },
  }
}

// %% checkpoint 1
// 막은 사기 1건, 놓친 사기 2건, 오탐 1건(점수가 임곗값과 같습니다), 정상 승인 1건: 이틀치
const five = businessCost([1, 1, 1, 0, 0], [0.9, 0.1, 0.05, 0.18, 0.17], {
  threshold: 0.18,
  days: 2,
})
assert(
  'annual_savings' in five,
  '체크포인트 1: 결과에 annual_savings가 없습니다. 여섯 항목을 모두 돌려주십시오.',
)
assert(
  Number.isFinite(five.annual_savings),
  '체크포인트 1: businessCost가 아직 빈칸입니다. 건수를 센 다음 TODO를 식으로 바꾸십시오.',
)
assert.equal(
  five.fn_cost,
  2_000_000,
  '체크포인트 1: fn_cost는 놓친 사기 2건 × 100만 원입니다. 승인한 사기를 세었는지 보십시오.',
)
assert.equal(
  five.fp_cost,
  50_000,
  '체크포인트 1: fp_cost는 오탐 1건 × 5만 원입니다. 점수가 임곗값과 같은 거래도 차단(>=)했는지 보십시오.',
)
assert.equal(
  five.tp_savings,
  1_000_000,
  '체크포인트 1: tp_savings는 막은 사기 1건 × 100만 원입니다.',
)
assert.equal(
  five.net_savings,
  -1_050_000,
  '체크포인트 1: net_savings는 막은 돈에서 두 비용을 뺀 값입니다.',
)
assert.equal(
  five.daily_savings,
  -525_000,
  '체크포인트 1: 이틀치 손실이 하루치로 나왔습니다. 기간(days)으로 나누지 않았는지 확인하십시오.',
)
assert.equal(
  five.annual_savings,
  -191_625_000,
  '체크포인트 1: annual_savings는 daily_savings의 365배입니다.',
)
for (const threshold of [0, 0.18, 0.5, 1.01]) {
  const options = { threshold, days: TEST_DAYS }
  const expected = calculateBusinessCost(test.y, testScores, options) as BusinessCost
  const { annual_savings } = businessCost(test.y, testScores, options)
  assert(
    Math.abs(annual_savings - expected.annual_savings) < 1,
    `체크포인트 1: 테스트 거래에서 임곗값이 ${threshold}일 때 calculateBusinessCost와 다릅니다. 세 건수를 다시 보십시오.`,
  )
}
console.log('✅ 체크포인트 1 통과: 거래 20,000건의 손익이 calculateBusinessCost와 같습니다.')

// %% concept
/*
## 2. 가장 싼 임곗값

**왜 필요한가?** 라이브러리의 기본값 0.5를 그대로 쓰면 어떻게 될까요? 바로 위 표에서 0.5는 사기 195건 중 70건을 놓쳤습니다.
0.18로 낮추자 32건으로 줄었고 36일의 손익이 4,600만 원 넘게 좋아졌습니다. 모델은 그대로이고 숫자 하나를 바꿨습니다.

이제 비용만 봅니다. 오탐 한 건을 1로 두고 놓친 사기를 100으로 둡니다. 명세의 `fn_cost=100, fp_cost=1`이고,
이 시스템의 기본 정책(policy)도 같습니다. 비용은 `FN × 100 + FP × 1`입니다.

명세는 0.05부터 0.95까지 0.01 간격의 격자(grid)를 하나씩 넣어 봅니다. 이해하기 쉽지만 약점이 있습니다.

- 격자 사이의 값은 보지 못합니다.
- **최적점이 격자 밖에 있으면 가장자리 값을 답이라고 돌려줍니다.** 오류도 경고도 없습니다.

더 나은 방법은 더 간단하기도 합니다. 판정은 임곗값이 **어떤 거래의 점수를 지날 때만** 바뀝니다. 그래서 후보는 서로 다른
점수의 개수에 "아무것도 차단하지 않음" 하나를 더한 만큼입니다. 점수를 큰 순서로 정렬하고 한 번 훑으면
모든 후보의 비용이 나옵니다. 이것을 훑기(sweep)라고 하겠습니다.

| | 격자 | 훑기 |
| --- | --- | --- |
| 후보 | 90개 | 서로 다른 점수 전부 |
| 한 후보의 계산 | 거래 전체를 다시 셉니다 | 한 건만 더합니다 |
| 결과 | 근삿값 | 정확한 최솟값 |

**생각해 볼 질문.** 격자 탐색이 0.05를 돌려주었습니다. 무엇을 의심해야 합니까?
*/

// %% example
const costAt = (y: Uint8Array, scores: Float32Array, threshold: number): number => {
  const { fn, fp } = confusionMatrix(y, scores, threshold)
  return 100 * fn + fp
}
// 명세의 격자 탐색
const grid = Array.from({ length: 90 }, (_, step) => 0.05 + 0.01 * step)
const gridBest = (y: Uint8Array, scores: Float32Array) =>
  grid
    .map((threshold) => ({ threshold, cost: costAt(y, scores, threshold) }))
    .reduce((best, next) => (next.cost < best.cost ? next : best))
// 이 시스템의 훑기
const sweep = (y: Uint8Array, scores: Float32Array, fnCost = 100) =>
  findOptimalThreshold(y, scores, { fnCost, fpCost: 1, curvePoints: 200 }) as OptimalThreshold

const onGrid = gridBest(valid.y, validScores)
const exact = sweep(valid.y, validScores)
const choices = [
  ['기본값 0.5', 0.5],
  ['기본 정책 0.18', 0.18],
  ['격자 탐색', onGrid.threshold],
  ['훑기', exact.threshold],
] as const
await show(
  table(
    ['고른 방법', '임곗값', '놓친 사기', '오탐', '비용'],
    choices.map(([name, threshold]) => {
      const { fn, fp } = confusionMatrix(valid.y, validScores, threshold)
      return [name, threshold, fn, fp, 100 * fn + fp]
    }),
  ),
)
plot({
  title: '임곗값에 따른 비용',
  subtitle: '검증 거래 20,000건. 왼쪽은 오탐이, 오른쪽은 놓친 사기가 비용을 올립니다',
  x: ['임곗값', 0, 1],
  y: ['비용', 0, 12_000],
  series: [
    {
      name: '훑기',
      color: '#0072b2',
      line: exact.curve
        .filter(({ threshold, cost }) => threshold <= 1 && cost <= 12_000)
        .map(({ threshold, cost }) => [threshold, cost]),
    },
    {
      name: '격자 90점',
      color: '#e69f00',
      dots: grid.map((threshold) => [threshold, costAt(valid.y, validScores, threshold)]),
    },
    {
      name: '가장 싼 점',
      color: '#d55e00',
      dots: [[exact.threshold, exact.cost]],
      size: 12,
      words: [`${exact.threshold.toFixed(3)}에서 ${exact.cost}`],
    },
  ],
})

// %% exercise 2
/*
### 실습 2. 최적 Threshold 찾기 (비용 최소화)

점수를 한 번 훑어서 비용이 가장 작은 임곗값을 찾는 `cheapestThreshold`를 완성하십시오.

- **입력**: `y`, `scores`, `{ fn, fp }`(놓친 사기와 오탐의 가격).
- **출력**: `{ threshold, cost }`. 아무것도 차단하지 않는 편이 가장 싸면 `threshold`는 `Infinity`입니다.
- **방법**: 점수가 큰 거래부터 한 건씩 차단 목록에 넣습니다. 넣을 때마다 비용이 얼마나 변하는지만 생각합니다.

**힌트** 출발점은 "모두 승인"이고 그때의 비용은 `사기 건수 × fn`입니다. 사기를 차단하면 `fn`만큼 줄고, 정상을 차단하면
`fp`만큼 늘어납니다. 점수가 같은 거래는 함께 차단됩니다. 그 가운데에서 멈추는 임곗값은 없습니다.
*/

// %% todo 2
type FindThreshold = (
  y: ArrayLike<number>,
  scores: ArrayLike<number>,
  prices: { fn: number; fp: number },
) => { threshold: number; cost: number }

let cheapestThreshold: FindThreshold = (y, scores, { fn, fp }) => {
  const rows = Array.from(scores, (score, row) => ({ score, isFraud: y[row] === 1 }))
  rows.sort((a, b) => b.score - a.score)
  // TODO: 모두 승인할 때의 비용입니다.
  let cost: number = TODO
  let best = { threshold: Infinity, cost }
  for (const [at, { score, isFraud }] of rows.entries()) {
    // TODO: 이 거래까지 차단하면 비용이 얼마나 변합니까?
    const change: number = TODO
    cost += change
    // TODO: 다음 거래(rows[at + 1])도 점수가 같습니까? 그러면 아직 비교하지 않습니다.
    const isTied: boolean = TODO
    if (!isTied && cost < best.cost) best = { threshold: score, cost }
  }
  return best
}

// %% solution 2
// 정답 2
cheapestThreshold = (y, scores, { fn, fp }) => {
  const rows = Array.from(scores, (score, row) => ({ score, isFraud: y[row] === 1 }))
  rows.sort((a, b) => b.score - a.score)
  let cost = fn * rows.filter(({ isFraud }) => isFraud).length
  let best = { threshold: Infinity, cost }
  for (const [at, { score, isFraud }] of rows.entries()) {
    cost += isFraud ? -fn : fp
    if (rows[at + 1]?.score === score) continue
    if (cost < best.cost) best = { threshold: score, cost }
  }
  return best
}
table(
  ['가격 FN : FP', '임곗값', '비용'],
  [20, 40, 100].map((fn) => {
    const { threshold, cost } = cheapestThreshold(valid.y, validScores, { fn, fp: 1 })
    return [`${fn} : 1`, threshold, cost]
  }),
)

// %% mistake 2: 점수가 같은 거래를 나누지
cheapestThreshold = (y, scores, { fn, fp }) => {
  const rows = Array.from(scores, (score, row) => ({ score, isFraud: y[row] === 1 }))
  rows.sort((a, b) => b.score - a.score)
  let cost = fn * rows.filter(({ isFraud }) => isFraud).length
  let best = { threshold: Infinity, cost }
  for (const { score, isFraud } of rows) {
    cost += isFraud ? -fn : fp
    if (cost < best.cost) best = { threshold: score, cost }
  }
  return best
}

// %% checkpoint 2
const tiny = cheapestThreshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], { fn: 100, fp: 1 })
assert(
  Number.isFinite(tiny.cost),
  '체크포인트 2: cheapestThreshold가 아직 빈칸입니다. 모두 승인할 때의 비용부터 채우십시오.',
)
assert.deepEqual(
  tiny,
  { threshold: 0.35, cost: 1 },
  '체크포인트 2: 점수 0.8, 0.4, 0.35, 0.1의 정답이 사기, 정상, 사기, 정상이면 0.35에서 비용 1이 가장 쌉니다. ' +
    '사기를 차단하면 fn만큼 줄고 정상을 차단하면 fp만큼 늘어납니다.',
)
assert.deepEqual(
  cheapestThreshold([1, 0, 0], [0.5, 0.5, 0.5], { fn: 100, fp: 1 }),
  { threshold: 0.5, cost: 2 },
  '체크포인트 2: 점수가 모두 0.5인 거래 셋은 함께 차단되므로 비용은 2입니다. 점수가 같은 거래를 나누지 않았는지 확인하십시오.',
)
assert.deepEqual(
  cheapestThreshold([0, 0, 1], [0.2, 0.9, 0.5], { fn: 1, fp: 10 }),
  { threshold: Infinity, cost: 1 },
  '체크포인트 2: 오탐이 더 비싸면 아무것도 차단하지 않는 편이 쌉니다. 출발점(모두 승인)의 비용도 비교에 넣으십시오.',
)
const { threshold: found, cost: foundCost } = cheapestThreshold(valid.y, validScores, {
  fn: 100,
  fp: 1,
})
assert(
  found >= 0.1 && found <= 0.5,
  '체크포인트 2: 검증 거래의 임곗값이 0.1과 0.5 사이가 아닙니다.',
)
assert.deepEqual(
  [found, foundCost],
  [exact.threshold, exact.cost],
  '체크포인트 2: 검증 거래에서 findOptimalThreshold와 다릅니다. 정렬 방향과 비교 부호(<)를 보십시오.',
)
console.log(
  `✅ 체크포인트 2 통과: 임곗값 ${found.toFixed(4)}, 비용 ${foundCost}. 격자 탐색보다 쌉니다.`,
)

// %% concept
/*
## 2-1. 임곗값은 모델의 것

**왜 필요한가?** 2-2에서 한 것처럼 더 좋은 모델을 챔피언(champion)으로 승격했습니다. AUC가 0.9659에서 0.9716으로 올랐습니다.
그런데 설정 파일의 임곗값 0.18은 그대로 두었습니다. 그날부터 놓친 사기가 32건에서 84건으로 늘었습니다.
3절의 예제에서 이 숫자를 확인합니다.

**이론부터 봅니다.** 점수가 진짜 확률 p라면 계산은 한 줄입니다. 승인하면 평균 `p × c_fn`을 잃고, 차단하면
`(1 − p) × c_fp`를 잃습니다. 차단이 더 싸지는 지점은 이렇습니다.

    임곗값 = c_fp / (c_fp + c_fn) = 1 / 101 ≈ 0.0099

라벨도 탐색도 필요 없습니다. 단, 점수가 "0.3이라고 한 거래 100건 중 30건이 사기"라는 뜻일 때만 맞습니다.
이것을 보정(calibration)되었다고 합니다.

**그런데 왜 0.18입니까?** 이 과정의 모델은 `scalePosWeight: 20`으로 배웠습니다. 사기 한 건을 20건처럼 센 것이므로
점수의 승산(odds, p / (1 − p))이 약 20배로 부풀려져 있습니다. 임곗값도 같은 만큼 옮기면 됩니다.

    임곗값 = w · c_fp / (w · c_fp + c_fn) = 20 / (20 + 100) ≈ 0.167

명세의 0.18은 바로 이 근처입니다. **0.18은 사기의 성질이 아니라 학습할 때 준 가중치와 가격이 함께 만든 숫자입니다.**
가중치가 다른 모델에 0.18을 쓰면 뜻이 없습니다.

그래서 이 시스템은 임곗값을 설정 파일에 두지 않습니다. 정책을 모델 폴더에 함께 저장하고, 승격과 롤백이 둘을 같이 옮깁니다.

**생각해 볼 질문.** 가격이 그대로일 때 `scalePosWeight`를 20에서 100으로 올려 다시 학습하면 임곗값은 어디쯤으로 가야 합니까?
*/

// %% example
// B는 가중치 없이 배운 모델입니다. 나머지 매개변수는 같습니다.
const plainModel = trainBooster({ ...params, scalePosWeight: 1 }, train)
const plainScores = plainModel.predict(valid.x)
const pair = [
  { name: 'A (가중치 20)', weight: 20, scores: validScores, color: '#0072b2' },
  { name: 'B (가중치 없음)', weight: 1, scores: plainScores, color: '#d55e00' },
]
const pairRows = pair.map(({ name, weight, scores }) => {
  const auc = calculateFdsMetrics(valid.y, scores).auc_roc as number
  const theory = weight / (weight + 100)
  const onGrid = gridBest(valid.y, scores)
  const best = sweep(valid.y, scores)
  const textOf = (threshold: number) =>
    `${costAt(valid.y, scores, threshold).toLocaleString('ko-KR')} (${threshold.toFixed(3)})`
  return [name, auc, textOf(0.18), textOf(onGrid.threshold), textOf(theory), textOf(best.threshold)]
})
const steps = Array.from({ length: 120 }, (_, step) => 10 ** (-3 + (2.95 * step) / 119))
await show(
  table(['모델', 'AUC', '비용(임곗값): 0.18', '격자', '이론값', '훑기'], pairRows),
  plot({
    title: '두 모델의 비용 곡선',
    subtitle: '순위를 매기는 능력은 같아도 가장 싼 자리는 여섯 배 넘게 떨어져 있습니다',
    x: ['임곗값(로그)', 0.001, 1],
    y: ['비용', 0, 12_000],
    isLog: true,
    marks: { '0.18': 0.18 },
    series: pair.map(({ name, scores, color }) => ({
      name,
      color,
      line: steps
        .map((threshold) => [threshold, costAt(valid.y, scores, threshold)] as const)
        .filter(([, cost]) => cost <= 12_000),
    })),
  }),
)
// 정책은 값입니다. 내용이 다르면 버전도 다르고, 모델과 함께 저장됩니다.
const chosenPolicy = createPolicy({ threshold: exact.threshold })
table(
  ['정책', '임곗값', '버전(내용의 해시)'],
  [
    ['기본', DEFAULT_POLICY.threshold, DEFAULT_POLICY.version],
    ['훑기로 고른 것', chosenPolicy.threshold, chosenPolicy.version],
  ],
)

// %% concept
/*
## 2-2. 임곗값은 얼마나 확실한가

**왜 필요한가?** "최적 임곗값은 0.131입니다"라고 보고했습니다. 다음 36일의 거래로 다시 계산하니
0.054입니다. 모델도 가격도 그대로입니다. 사기의 성질이 바뀌었을까요? 그 말을 하기 전에 **우연**부터
재야 합니다. 검증 거래 20,000건에 사기는 182건뿐이고, 가장 싼 자리는 그 몇 건이 어디에 놓였는지로
정해집니다.

재는 방법은 부트스트랩(bootstrap)입니다. 거래를 복원 추출해서 같은 크기의 표본을 200개 만들고,
그때마다 임곗값을 다시 고릅니다. 흩어진 정도가 불확실성입니다.

여기서 지켜야 할 것이 두 가지 있습니다.

- **고른 데이터로 재지 않습니다.** 검증(valid)에서 고르고 테스트(test)에서 잽니다. 테스트에서 고른
  값은 앞날을 본 값입니다.
- **소수점 넷째 자리를 믿지 않습니다.** 비용 곡선의 바닥은 평평합니다. 지금 쓰는 값이 범위 안에
  있으면 바꾸지 않는 것도 좋은 선택입니다.

**생각해 볼 질문.** 사기가 1,820건 있는 검증 데이터를 쓰면 이 범위는 대략 얼마나 좁아집니까?
*/

// %% example
const thresholdsOf = (y: Uint8Array, scores: Float32Array): number[] => {
  const random = createRandom(7)
  const thresholds = Array.from({ length: 200 }, () => {
    const rows = Int32Array.from(y, () => random.int(y.length))
    const drawnY = Uint8Array.from(rows, (row) => y[row]!)
    const drawnScores = Float32Array.from(rows, (row) => scores[row]!)
    return sweep(drawnY, drawnScores).threshold
  })
  return thresholds.sort((a, b) => a - b)
}
const resampled = [
  { name: '검증', color: '#0072b2', thresholds: thresholdsOf(valid.y, validScores) },
  { name: '테스트', color: '#e69f00', thresholds: thresholdsOf(test.y, testScores) },
]
const rangeOf = (thresholds: number[]): string =>
  `${thresholds[5]!.toFixed(3)} – ${thresholds[194]!.toFixed(3)}`
const bins = Array.from({ length: 14 }, (_, bin) => bin)
await show(
  plot({
    title: '다시 뽑은 표본 200개의 최적 임곗값',
    subtitle:
      '두 기간의 범위는 0.10과 0.17 사이에서 겹칩니다. 이론값 0.167은 두 범위에 모두 들어갑니다',
    x: '임곗값(구간의 왼쪽 끝)',
    y: '표본 수',
    places: bins.map((bin) => (0.02 * bin).toFixed(2)),
    series: resampled.map(({ name, color, thresholds }) => ({
      name,
      color,
      bars: bins.map((bin) => thresholds.filter((t) => Math.floor(t / 0.02) === bin).length),
    })),
    height: 340,
  }),
  table(
    ['거래', '최적 임곗값의 95 % 범위'],
    resampled.map(({ name, thresholds }) => [name, rangeOf(thresholds)]),
  ),
)
const honest = [
  ['라이브러리 기본값', 0.5],
  ['기본 정책', 0.18],
  ['검증에서 고른 값', exact.threshold],
  ['이론값 20/120', 20 / 120],
  ['테스트에서 고른 값(반칙)', sweep(test.y, testScores).threshold],
] as const
table(
  ['임곗값(모델 A)', '값', '테스트의 비용'],
  honest.map(([name, threshold]) => [name, threshold, costAt(test.y, testScores, threshold)]),
)

// %% example
// 가격이 바뀌면 임곗값도 바뀝니다.
const priced = [
  ['20 : 1', '100만 원 : 5만 원', 20],
  ['40 : 1', '1절의 순절감액(차이 200만 원 : 5만 원)', 40],
  ['100 : 1', '기본 정책', 100],
] as const
table(
  ['가격 FN : FP', '뜻', '이론값', '훑기로 고른 임곗값'],
  priced.map(([ratio, meaning, fnCost]) => [
    ratio,
    meaning,
    20 / (20 + fnCost),
    sweep(valid.y, validScores, fnCost).threshold,
  ]),
)

// %% concept
/*
## 3. 모델을 지키는 테스트

**왜 필요한가?** 금요일 저녁에 모델을 다시 배포했습니다. 코드 테스트는 모두 통과했습니다. 월요일에 보니 점수가 −6.2입니다.
누군가 서빙 코드를 고치면서 로지스틱 함수를 빠뜨려 확률 대신 마진(margin)이 나갔습니다. 음수는 모두 0.18보다 작으므로
대부분이 승인되었고, 오류는 하나도 나지 않았습니다. **모델의 고장은 예외로 나타나지 않습니다.**

명세는 pytest로 세 가지를 확인합니다. 여기서는 Node에 들어 있는 `node:test`로 같은 것을 씁니다. 설치할 것이 없고
`node --test`가 실패하면 종료 코드가 1이라 CI가 바로 멈춥니다.

| 명세의 테스트 | 막는 사고 |
| --- | --- |
| 모델 파일이 있다 | 산출물(아티팩트)이 빠진 배포 |
| 무작위 10행에 [0, 1]의 확률 10개 | 모양이 틀린 입력과 출력, 마진 유출, NaN |
| AUC > 0.85 | 라벨이 섞이거나 피처가 어긋난 학습 |

명세는 `joblib` 파일을 읽습니다. 그 형식은 읽는 것만으로 코드를 실행할 수 있습니다. 이 시스템의 모델은 XGBoost의 JSON이라 데이터일 뿐입니다.

**AUC만으로는 모자랍니다.** AUC는 순위만 봅니다. 2-1절의 모델 B는 AUC가 더 높지만, 정책을 함께 옮기지 않으면 비용이
두 배가 됩니다. 그래서 `fds validate`에는 관문(gate)이 둘 있습니다. AUC가 0.85보다 높고, **비용이 챔피언보다 크지 않아야** 합니다.

**테스트도 시험해야 합니다.** 고장 난 모델을 일부러 넣었을 때 실패하지 않는 테스트는 없는 것과 같습니다.
이것을 변이 테스트(mutation testing)라고 합니다. 실습 3의 체크포인트가 그렇게 합니다.

**생각해 볼 질문.** 빈 테스트 함수 `test('AUC가 0.85보다 높다', () => {})`를 실행하면 결과는 무엇입니까?
*/

// %% example
// 챔피언 A와 후보 B를 같은 정책(0.18)으로 테스트 거래에서 잽니다.
const gateRows = [
  ['A (챔피언)', testScores],
  ['B (후보)', plainModel.predict(test.x)],
] as const
const measured = gateRows.map(([name, scores]) => {
  const { auc_roc, cost, fn, fp } = calculateFdsMetrics(test.y, scores)
  const interval = rocAucInterval(test.y, scores) as readonly [number, number]
  return { name, auc: auc_roc as number, interval, cost: cost as number, fn, fp }
})
const championCost = measured[0]!.cost
const verdictOf = (passed: boolean): string => (passed ? '통과' : '실패')
await show(
  table(
    ['모델', 'AUC', 'AUC의 95 % 구간', 'AUC 관문(> 0.85)', '비용', '비용 관문(챔피언 이하)'],
    measured.map(({ name, auc, interval: [low, high], cost }) => [
      name,
      auc,
      `${low.toFixed(3)} – ${high.toFixed(3)}`,
      verdictOf(auc > 0.85),
      cost,
      verdictOf(cost <= championCost),
    ]),
  ),
)
plot({
  title: 'AUC가 더 높은 모델이 두 배 비쌉니다',
  subtitle:
    '테스트 거래 20,000건, 같은 정책 0.18. 정책이 모델과 함께 움직이지 않으면 이렇게 됩니다',
  x: '비용',
  y: '모델',
  isLying: true,
  places: measured.map(({ name }) => name),
  series: [
    {
      name: '놓친 사기 × 100',
      color: '#d55e00',
      stack: '비용',
      bars: measured.map(({ fn }) => 100 * fn),
    },
    { name: '오탐 × 1', color: '#e69f00', stack: '비용', bars: measured.map(({ fp }) => fp) },
  ],
  height: 270,
})

// %% example
// 배포할 폴더를 만듭니다. 모델 파일과, 그것으로 점수를 내는 코드가 들어 있습니다.
const scoringCode = (answer: string): string => `
import { readFileSync } from 'node:fs'
import { loadXgboostModel } from 'fds-system'

export const MODEL_FILE = 'model.json'

const bytesOf = (file) => new Uint8Array(readFileSync(file))
export const testSet = () => ({
  x: {
    rowCount: ${test.x.rowCount},
    columnCount: ${test.x.columnCount},
    values: new Float32Array(bytesOf('../test-x.bin').buffer),
  },
  y: bytesOf('../test-y.bin'),
})

export function predict(x) {
  const booster = loadXgboostModel(readFileSync(MODEL_FILE))
  return ${answer}
}
`
const deliver = (
  name: string,
  { booster, answer }: { booster?: Booster; answer: string },
): string => {
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'scoring.ts'), scoringCode(answer))
  if (booster) writeFileSync(join(folder, 'model.json'), saveXgboostModel(booster, 'json'))
  return folder
}
writeFileSync(join(home, 'test-x.bin'), new Uint8Array(Float32Array.from(test.x.values).buffer))
writeFileSync(join(home, 'test-y.bin'), test.y)
const goodFolder = deliver('good', { booster: model, answer: 'booster.predict(x)' })

diagram({
  title: '테스트가 배포를 막는 길',
  boxes: {
    model: [0, 0, 'model.json', '학습의 결과'],
    code: [0, 1, 'scoring.ts', '점수를 내는 코드'],
    run: [1, 0, 'node --test', 'model.test.ts'],
    go: [2, 0, '종료 코드 0', '다음 단계로 갑니다'],
    stop: [2, 1, '종료 코드 1', '배포가 멈춥니다'],
  },
  arrows: [
    ['model', 'run'],
    ['code', 'run'],
    ['run', 'go', '모두 통과'],
    ['run', 'stop', '하나라도 실패'],
  ],
})

// %% example
// 테스트 파일도 보통의 파일입니다. 여기서는 점수가 매번 같은지만 확인합니다.
writeFileSync(
  join(goodFolder, 'example.test.ts'),
  `
import assert from 'node:assert/strict'
import test from 'node:test'
import { predict, testSet } from './scoring.ts'

test('같은 거래에는 같은 점수를 준다', () => {
  const { x } = testSet()
  assert.deepEqual(predict(x), predict(x))
})
test('점수가 모두 0.5를 넘는다(일부러 틀린 테스트)', () => {
  const above = predict(testSet().x).filter((score) => score > 0.5).length
  assert.equal(above, 20000, '0.5를 넘는 점수는 20000개가 아니라 ' + above + '개입니다')
})
`,
)
const exampleResults = await runTests(goodFolder, 'example.test.ts')
table(
  ['테스트', '결과', '실패한 까닭'],
  exampleResults.map(({ name, passed, message }) => [name, verdictOf(passed), message]),
)

// %% exercise 3
/*
### 실습 3. pytest 테스트 작성 (여기서는 node --test)

`modelTest`는 `model.test.ts`의 내용이 될 글입니다. 세 테스트의 몸을 채우십시오. 명세의 pytest 테스트 셋과 같은 뜻입니다.

1. `MODEL_FILE`이 있는지 확인합니다(`existsSync`).
2. `scores`가 **10개**이고 모두 0 이상 1 이하인지 확인합니다.
3. 테스트 거래의 AUC가 0.85보다 높은지 확인합니다(`rocAucScore(y, predict(x))`).

**힌트** 확인에는 `assert(조건, '메시지')`를 씁니다. 체크포인트는 이 테스트를 정상 모델과 고장 난 모델 넷에 실제로 돌립니다.
정상 모델은 통과하고 고장 난 모델은 모두 걸러야 합니다.
*/

// %% todo 3
let modelTest = `
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { createRandom, rocAucScore } from 'fds-system'
import { MODEL_FILE, predict, testSet } from './scoring.ts'

test('모델 파일이 있다', () => {
  // TODO
})

test('무작위 열 행에 확률 열 개를 준다', () => {
  const random = createRandom(42)
  const { columnCount } = testSet().x
  const values = Float32Array.from({ length: 10 * columnCount }, () => random.next())
  const scores = Array.from(predict({ rowCount: 10, columnCount, values }))
  // TODO: 개수와 범위
})

test('AUC가 0.85보다 높다', () => {
  const { x, y } = testSet()
  // TODO
})
`

// %% solution 3
// 정답 3
modelTest = `
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { createRandom, rocAucScore } from 'fds-system'
import { MODEL_FILE, predict, testSet } from './scoring.ts'

test('모델 파일이 있다', () => {
  assert(existsSync(MODEL_FILE), MODEL_FILE + ' 파일이 없습니다')
})

test('무작위 열 행에 확률 열 개를 준다', () => {
  const random = createRandom(42)
  const { columnCount } = testSet().x
  const values = Float32Array.from({ length: 10 * columnCount }, () => random.next())
  const scores = Array.from(predict({ rowCount: 10, columnCount, values }))
  assert(scores.length === 10, '점수가 10개가 아니라 ' + scores.length + '개입니다')
  assert(scores.every((score) => score >= 0 && score <= 1), '확률이 아닌 점수가 있습니다')
})

test('AUC가 0.85보다 높다', () => {
  const { x, y } = testSet()
  const auc = rocAucScore(y, predict(x))
  assert(auc > 0.85, 'AUC ' + auc.toFixed(4) + '는 0.85보다 높지 않습니다')
})
`
writeFileSync(join(goodFolder, 'solution.test.ts'), modelTest)
const solvedResults = await runTests(goodFolder, 'solution.test.ts')
table(
  ['테스트', '결과'],
  solvedResults.map(({ name, passed }) => [name, verdictOf(passed)]),
)

// %% mistake 3: 개수부터 확인하십시오
modelTest = `
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { createRandom, rocAucScore } from 'fds-system'
import { MODEL_FILE, predict, testSet } from './scoring.ts'

test('모델 파일이 있다', () => assert(existsSync(MODEL_FILE)))
test('무작위 열 행에 확률 열 개를 준다', () => {
  const random = createRandom(42)
  const { columnCount } = testSet().x
  const values = Float32Array.from({ length: 10 * columnCount }, () => random.next())
  const scores = Array.from(predict({ rowCount: 10, columnCount, values }))
  assert(scores.every((score) => score >= 0 && score <= 1))
})
test('AUC가 0.85보다 높다', () => {
  const { x, y } = testSet()
  assert(rocAucScore(y, predict(x)) > 0.85)
})
`

// %% checkpoint 3
// 고장 난 배포 넷: 어느 테스트가 잡아야 하는지와, 못 잡았을 때의 힌트
const random = createRandom(7)
const shuffled = train.y.slice()
for (let at = shuffled.length - 1; at > 0; at--) {
  const other = random.int(at + 1)
  ;[shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!]
}
const noise = trainBooster({ ...params, nEstimators: 20 }, { x: train.x, y: shuffled })
const broken = [
  {
    ...{
      name: '모델 파일이 없는 배포',
      folder: deliver('missing', { answer: 'booster.predict(x)' }),
      at: 0,
    },
    hint: '파일이 없는데도 첫째 테스트가 통과합니다. 빈 테스트는 언제나 통과합니다. existsSync(MODEL_FILE)를 확인하십시오.',
  },
  {
    ...{ name: '확률 대신 마진', at: 1 },
    folder: deliver('margin', { booster: model, answer: 'booster.predictMargin(x)' }),
    hint: '점수가 음수인데도 둘째 테스트가 통과합니다. 0 이상 1 이하인지 양쪽 다 확인하십시오.',
  },
  {
    ...{ name: '빈 배열을 돌려주는 코드', at: 1 },
    folder: deliver('empty', { booster: model, answer: 'booster.predict(x).slice(0, 0)' }),
    hint: 'predict가 빈 배열을 돌려주는데도 둘째 테스트가 통과합니다. 빈 배열의 every는 언제나 참입니다. 개수부터 확인하십시오.',
  },
  {
    ...{ name: '라벨이 섞인 학습', at: 2 },
    folder: deliver('shuffled', { booster: noise, answer: 'booster.predict(x)' }),
    hint: '라벨을 섞어 배운 모델인데도 셋째 테스트가 통과합니다. AUC가 0.85보다 높은지 확인하십시오.',
  },
]
const resultsIn = (folder: string) => {
  writeFileSync(join(folder, 'model.test.ts'), modelTest)
  return runTests(folder, 'model.test.ts')
}
const onGood = await resultsIn(goodFolder)
assert.equal(
  onGood.length,
  3,
  `체크포인트 3: 테스트 세 개가 돌아야 하는데 ${onGood.length}개입니다. ${onGood[0]?.message ?? ''}`,
)
for (const { name, passed, message } of onGood)
  assert(passed, `체크포인트 3: 정상 모델인데 "${name}"가 실패합니다. ${message}`)
const onBroken = await Promise.all(broken.map(({ folder }) => resultsIn(folder)))
const caught = broken.map(({ name, at, hint }, which) => {
  const result = onBroken[which]![at]
  assert(result?.passed === false, `체크포인트 3: ${hint}`)
  return [name, result.name]
})
await show(table(['일부러 낸 고장', '잡아낸 테스트'], caught))
console.log('✅ 체크포인트 3 통과: 정상 모델은 통과하고, 고장 난 배포 넷은 모두 걸렸습니다.')

// %% concept
/*
## 4. CI/CD 파이프라인

**왜 필요한가?** 좋은 테스트가 있어도 사람이 돌려야 하면 바쁜 날에 빠집니다. 그리고 사고는 바쁜 날에 납니다.
파이프라인(pipeline)은 그 일을 사람 대신 **매번** 합니다.

ML 시스템은 코드가 그대로여도 망가집니다. 그래서 지키는 문이 하나가 아니라 셋입니다.

| 무엇이 바뀌는가 | 언제 확인하는가 | 작업(job) |
| --- | --- | --- |
| 코드 | push, pull request | `test` |
| 모델 | push, pull request | `model-validation` |
| 데이터 | push, pull request, **그리고 매일 밤** | `drift-check` |

데이터는 아무도 커밋하지 않아도 바뀝니다. 명세의 워크플로는 push 때만 돌지만, 이 시스템은 매일 밤 `schedule`로도 돕니다.

GitHub Actions를 쓸 때 명세보다 한 걸음 더 나간 것이 네 가지 있습니다.

- **작업은 npm 스크립트만 부릅니다.** 그래서 CI에서 실패한 것을 책상에서 그대로 재현합니다.
- **액션은 태그가 아니라 커밋으로 고정합니다.** `@v5`는 누군가 옮길 수 있습니다. 옮겨지면 남의 코드가 비밀값을 읽습니다.
- **권한은 비워 두고 필요한 만큼만 줍니다.** `permissions: {}`에서 출발합니다.
- **시간 제한이 있습니다.** 멈춘 작업의 기본 한도는 6시간입니다.

가장 자주 틀리는 곳은 `if`입니다. 앞 단계가 실패하면 뒤의 단계는 **건너뜁니다**. 실패했을 때 필요한 리포트를 올리는 단계도
건너뜁니다. 그래서 `if: failure()`가 필요합니다.

**생각해 볼 질문.** 재학습(retrain) 작업이 성공하면 새 모델을 바로 챔피언으로 올려도 됩니까?
*/

// %% example
interface Step {
  uses?: string
  run?: string
  if?: string
  with?: Record<string, unknown>
}
interface Job {
  needs?: string | string[]
  permissions?: Record<string, string>
  'timeout-minutes'?: number
  steps: Step[]
}
interface Workflow {
  on: Record<string, unknown>
  jobs: Record<string, Job>
}
// 이 저장소가 실제로 쓰는 워크플로입니다.
const real = parse(readFileSync('../../.github/workflows/ml-pipeline.yml', 'utf8')) as Workflow
const commandsOf = (job: Job): string[] =>
  job.steps.flatMap(({ run = '' }) => /npm run [\w:-]+/.exec(run)?.[0] ?? [])
const permissionsOf = ({ permissions = {} }: Job): string =>
  Object.entries(permissions)
    .map(([what, right]) => `${what}: ${right}`)
    .join(', ')
const jobRows = Object.entries(real.jobs).map(([name, job]) => [
  name,
  commandsOf(job).join(', '),
  job['timeout-minutes'],
  permissionsOf(job),
])
const places: Record<string, [number, number, ...string[]]> = {
  push: [0, 0, 'push, pull request'],
  night: [0, 3, '매일 밤 3시 17분', 'UTC'],
  test: [1, 0, 'test', '코드'],
  'model-validation': [1, 1, 'model-validation', '모델'],
  'drift-check': [1, 2, 'drift-check', '데이터'],
  retrain: [2, 2, 'retrain', '챌린저까지만'],
  comment: [2, 1, 'comment', 'PR에 결과를 답니다'],
}
const needsOf = ({ needs = [] }: Job): string[] => (typeof needs === 'string' ? [needs] : needs)
const needArrows = Object.entries(real.jobs).flatMap(([name, job]) =>
  needsOf(job).map((before): [string, string] => [before, name]),
)
await show(
  table(['작업', '실행하는 명령', '제한(분)', '권한'], jobRows),
  diagram({
    title: '누가 누구를 기다리는가',
    boxes: places,
    arrows: [
      ['push', 'test'],
      ['push', 'model-validation'],
      ['push', 'drift-check'],
      ['night', 'drift-check'],
      ...needArrows,
    ],
  }),
)
// 앞 단계의 결과에 따라 단계가 도는지
const willRun = (condition: string | undefined, hasFailed: boolean): boolean => {
  if (condition === 'always()') return true
  return condition === 'failure()' ? hasFailed : !hasFailed
}
table(
  ['단계의 if', '앞 단계가 통과하면', '앞 단계가 실패하면'],
  [undefined, 'failure()', 'always()'].map((condition) => [
    condition ?? '(없음)',
    ...[false, true].map((hasFailed) => (willRun(condition, hasFailed) ? '실행' : '건너뜀')),
  ]),
)

// %% exercise 4
/*
### 실습 4. GitHub Actions 워크플로 작성

`workflowText`는 `ml-pipeline.yml`의 내용입니다. 비어 있는 네 단계를 채우십시오.

- `test` 작업: `npm test` 다음에 `npm run validate-model`을 실행합니다.
- `drift-check` 작업: `npm run check-drift`를 실행합니다. 드리프트가 있으면 종료 코드 1로 끝나는 스크립트입니다.
- 그다음 단계: **실패했을 때만** `actions/upload-artifact@v4`로 `reports/drift_*.html`을 올립니다. 이름은
  `drift-report`입니다.

**힌트** 단계는 `- run: …` 또는 `- uses: …`로 시작하고, `if`와 `with`는 같은 깊이에 둡니다. YAML은 들여쓰기가 문법입니다.
연습에서는 액션을 태그로 적어도 됩니다.
*/

// %% todo 4
let workflowText = `
name: ML pipeline
on:
  push: { branches: [main] }
  pull_request: { branches: [main] }
  schedule: [{ cron: '17 3 * * *' }]
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      # TODO: 테스트
      # TODO: 모델 검증
  drift-check:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      # TODO: 드리프트 점검
      # TODO: 실패했을 때만 리포트 올리기
`

// %% solution 4
// 정답 4
workflowText = `
name: ML pipeline
on:
  push: { branches: [main] }
  pull_request: { branches: [main] }
  schedule: [{ cron: '17 3 * * *' }]
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      - run: npm test
      - run: npm run validate-model
  drift-check:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      - run: npm run check-drift
      - if: failure()
        uses: actions/upload-artifact@v4
        with: { name: drift-report, path: 'reports/drift_*.html' }
`
const drafted = parse(workflowText) as Workflow
table(
  ['작업', '단계', '하는 일', 'if'],
  Object.entries(drafted.jobs).flatMap(([name, { steps: all }]) =>
    all.map((step, at) => [name, at + 1, step.run ?? step.uses, step.if]),
  ),
)

// %% mistake 4: if: failure()
workflowText = `
name: ML pipeline
on: { push: { branches: [main] } }
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npm test
      - run: npm run validate-model
  drift-check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: npm run check-drift
      - uses: actions/upload-artifact@v4
        with: { name: drift-report, path: 'reports/drift_*.html' }
`

// %% checkpoint 4
const written = (() => {
  try {
    return parse(workflowText) as Partial<Workflow>
  } catch (error) {
    assert.fail(
      `체크포인트 4: YAML로 읽을 수 없습니다. 들여쓰기를 보십시오. ${(error as Error).message}`,
    )
  }
})()
const stepsOf = (name: string): Step[] => written.jobs?.[name]?.steps ?? []
const runsOf = (name: string): string[] => stepsOf(name).map(({ run = '' }) => run.trim())
assert(stepsOf('test').length > 0, '체크포인트 4: test 작업이 없거나 단계가 없습니다.')
assert(
  runsOf('test').some((run) => run === 'npm test' || run === 'npm run test'),
  '체크포인트 4: test 작업에 npm test가 아직 없습니다. TODO를 단계로 바꾸십시오.',
)
assert(
  runsOf('test').includes('npm run validate-model'),
  '체크포인트 4: test 작업에 npm run validate-model이 없습니다. 코드만이 아니라 모델도 확인해야 합니다.',
)
const checkAt = runsOf('drift-check').indexOf('npm run check-drift')
assert(
  checkAt > 0,
  '체크포인트 4: drift-check 작업의 npm ci 다음에 npm run check-drift가 있어야 합니다.',
)
const uploadAt = stepsOf('drift-check').findIndex(({ uses = '' }) =>
  uses.startsWith('actions/upload-artifact@'),
)
assert(
  uploadAt > checkAt,
  '체크포인트 4: 점검 다음 단계에서 actions/upload-artifact로 리포트를 올려야 합니다.',
)
const upload = stepsOf('drift-check')[uploadAt]!
const condition = String(upload.if ?? '').replace(/^\$\{\{\s*|\s*\}\}$/g, '')
assert.equal(
  condition,
  'failure()',
  '체크포인트 4: 점검이 실패하면 다음 단계는 건너뜁니다. 리포트를 올리는 단계에 if: failure()를 붙이십시오.',
)
assert.equal(
  upload.with?.['path'],
  'reports/drift_*.html',
  '체크포인트 4: 올릴 파일은 with.path의 reports/drift_*.html입니다.',
)
assert.equal(
  upload.with?.['name'],
  'drift-report',
  '체크포인트 4: 아티팩트의 이름(with.name)은 drift-report입니다.',
)
// 부르는 스크립트가 정말 있는지도 봅니다.
const { scripts } = JSON.parse(readFileSync('../../package.json', 'utf8')) as { scripts: object }
for (const run of [...runsOf('test'), ...runsOf('drift-check')]) {
  const [, script] = /^npm run ([\w:-]+)$/.exec(run) ?? []
  assert(
    script === undefined || Object.hasOwn(scripts, script),
    `체크포인트 4: package.json에 ${script}라는 스크립트가 없습니다.`,
  )
}
console.log(
  '✅ 체크포인트 4 통과: 테스트와 모델 검증이 차례로 돌고, 드리프트가 있을 때만 리포트가 올라갑니다.',
)

// %% concept
/*
## 5. 드리프트 점검 스크립트

**왜 필요한가?** 드리프트 리포트를 매일 만들었습니다. HTML 파일이 서른 개 쌓였고, 아무도 열어 보지 않았습니다.
열흘 전부터 금액의 분포가 두 배로 옮겨 가 있었습니다. **읽는 사람이 있어야 하는 점검은 점검이 아닙니다.**

파이프라인이 읽는 것은 그림이 아니라 종료 코드(exit code)입니다.

| 종료 코드 | 뜻 | 파이프라인이 하는 일 |
| --- | --- | --- |
| 0 | 통과 | 다음 단계로 갑니다 |
| 1 | 드리프트가 있습니다 | 작업이 실패하고, 리포트를 올리고, Slack에 알립니다 |
| 2 | 점검하지 못했습니다(파일이 없거나 읽을 수 없음) | 데이터가 아니라 점검을 고칩니다 |

1과 2를 나누는 까닭이 있습니다. Node는 처리하지 않은 예외로 끝날 때 **1**로 끝납니다. 나누지 않으면 파일 이름의 오타가
드리프트로 보고되고, 누군가 재학습을 시작합니다.

**기준은 얼마여야 합니까?** 명세는 "컬럼의 30 %가 드리프트하면 실패"입니다. 이 시스템의 CI는 10 %를 씁니다.
아래 예제의 점진 드리프트는 29 %입니다. 30 % 기준은 이것을 그냥 보냅니다. 그렇다고 0 %로 둘 수는 없습니다.
계정의 나이처럼 시간이 지나면 자연히 변하는 컬럼이 있기 때문입니다.

**생각해 볼 질문.** 드리프트 점검이 통과했습니다. 모델의 성능이 그대로라고 말할 수 있습니까?
*/

// %% example
// 세 가지 세상의 거래 40,000건. 앞 절반이 기준, 뒤 절반이 현재입니다.
const worlds = [
  ['없음', 'none'],
  ['점진', 'gradual'],
  ['급변', 'sudden'],
] as const
const checks = []
for (const [name, drift] of worlds) {
  const payments = simulateTransactions({ rows: 40_000, seed: 2026, drift }).table
  const [reference, current] = [between(payments, 0, 0.5), between(payments, 0.5, 1)]
  const reportDir = join(home, 'example', drift)
  const strict = await runDriftMonitoring(reference, current, { driftThreshold: 0.1, reportDir })
  const loose = await runDriftMonitoring(reference, current, { driftThreshold: 0.3, reportDir })
  checks.push({ name, drift, reference, current, strict, loose })
}
await show(
  table(
    ['드리프트', '드리프트한 컬럼', '기준 30 %(명세)', '기준 10 %(이 시스템의 CI)'],
    checks.map(({ name, strict, loose }) => [
      name,
      `${(100 * strict.driftShare).toFixed(1)} %`,
      verdictOf(loose.passed),
      verdictOf(strict.passed),
    ]),
  ),
)
const moved = checks.map(({ reference, current }) =>
  Object.fromEntries(
    new Report([new DataDriftPreset()])
      .run({ reference, current })
      .columns.map((column) => [column.name, column.psi ?? 0]),
  ),
)
const mostMoved = Object.entries(moved[2]!)
  .sort(([, a], [, b]) => b - a)
  .slice(0, 8)
  .map(([name]) => name)
plot({
  title: '가장 많이 변한 컬럼 여덟 개의 PSI',
  subtitle:
    '점선부터 모니터링 강화(0.1)와 재학습 검토(0.25)입니다. 변화가 없는 세상의 막대는 거의 0입니다',
  x: 'PSI',
  y: '컬럼',
  isLying: true,
  places: mostMoved,
  marks: { '0.1': 0.1, '0.25': 0.25 },
  series: worlds.map(([name], at) => ({
    name,
    color: ['#8a8f98', '#e69f00', '#d55e00'][at]!,
    bars: mostMoved.map((column) => moved[at]![column]!),
  })),
})

// %% example
// 스크립트는 파일을 읽으므로 거래를 CSV로 적어 둡니다.
await writeTable(join(home, 'reference.csv'), checks[0]!.reference)
for (const { drift, current } of checks) await writeTable(join(home, `${drift}.csv`), current)

// 종료 코드는 이렇게 정하고, 부르는 쪽은 이렇게 봅니다.
const endings = [
  ['끝까지 실행', "console.log('끝')"],
  ['process.exitCode = 1', 'process.exitCode = 1'],
  ['process.exitCode = 2', 'process.exitCode = 2'],
  ['처리하지 않은 예외', "throw new Error('파일이 없습니다')"],
] as const
const endingRows = await Promise.all(
  endings.map(async ([name, code], at) => {
    writeFileSync(join(home, `ending-${at}.ts`), code)
    return [name, (await runNode(home, [`ending-${at}.ts`])).status]
  }),
)
await show(table(['스크립트가 하는 일', '종료 코드'], endingRows))
diagram({
  title: '종료 코드가 길을 정합니다',
  boxes: {
    script: [0, 1, 'check-drift.ts', '기준과 현재를 비교'],
    pass: [1, 0, '0', '통과'],
    drift: [1, 1, '1', '드리프트'],
    fault: [1, 2, '2', '점검하지 못함'],
    next: [2, 0, '다음 단계'],
    alert: [2, 1, '리포트 + Slack', '사람이 까닭을 봅니다'],
    repair: [2, 2, '점검을 고칩니다', '재학습하지 않습니다'],
  },
  arrows: [
    ['script', 'pass'],
    ['script', 'drift'],
    ['script', 'fault'],
    ['pass', 'next'],
    ['drift', 'alert'],
    ['fault', 'repair'],
  ],
})

// %% exercise 5
/*
### 실습 5. 드리프트 체크 스크립트

`driftScript`는 `check-drift.ts`의 내용입니다. 이렇게 불립니다: `node check-drift.ts reference.csv none.csv`

- `runDriftMonitoring(before, after, { driftThreshold: 0.1, reportDir: 'reports' })`를 기다려서 결과를 받습니다.
  결과는 `{ passed, driftShare, reportPath }`이고, 통과하지 못하면 리포트의 이름이 `drift_alert.html`이 됩니다.
- 드리프트한 컬럼의 비율을 한 줄로 알립니다(`console.log`).
- 종료 코드: 통과 0, 드리프트 1, 파일을 읽지 못하면 2. 2일 때는 까닭을 `console.error`로 한 줄 적습니다.

**힌트** `process.exit()` 대신 `process.exitCode`에 값을 넣으면 쓰던 파일과 출력이 끝까지 나갑니다.
*/

// %% todo 5
let driftScript = `
import { readTable, runDriftMonitoring } from 'fds-system'

const [reference, current] = process.argv.slice(2)
try {
  const before = await readTable(reference)
  const after = await readTable(current)
  // TODO: 비교하고 리포트를 씁니다.
  // TODO: 결과를 한 줄로 알립니다.
  // TODO: 종료 코드를 정합니다.
} catch (error) {
  // TODO: 점검하지 못했습니다.
}
`

// %% solution 5
// 정답 5
driftScript = `
import { readTable, runDriftMonitoring } from 'fds-system'

const [reference, current] = process.argv.slice(2)
try {
  const before = await readTable(reference)
  const after = await readTable(current)
  const options = { driftThreshold: 0.1, reportDir: 'reports' }
  const { passed, driftShare } = await runDriftMonitoring(before, after, options)
  const share = (100 * driftShare).toFixed(1)
  console.log((passed ? '통과' : '실패') + ': 컬럼의 ' + share + ' %가 드리프트했습니다')
  process.exitCode = passed ? 0 : 1
} catch (error) {
  console.error('점검하지 못했습니다: ' + error.message)
  process.exitCode = 2
}
`
writeFileSync(join(home, 'solution.ts'), driftScript)
const solvedRuns = await Promise.all(
  ['none.csv', 'gradual.csv', 'nothing.csv'].map(async (current) => {
    const { status, said } = await runNode(home, ['solution.ts', 'reference.csv', current])
    return [current, status, current === 'nothing.csv' ? '(까닭 한 줄)' : said.trim()]
  }),
)
table(['현재 데이터', '종료 코드', '알린 것'], solvedRuns)

// %% mistake 5: 종료 코드가 0입니다
driftScript = `
import { readTable, runDriftMonitoring } from 'fds-system'

const [reference, current] = process.argv.slice(2)
const before = await readTable(reference)
const after = await readTable(current)
const options = { driftThreshold: 0.1, reportDir: 'reports' }
const { passed, driftShare } = await runDriftMonitoring(before, after, options)
console.log((passed ? '통과' : '실패') + ': ' + driftShare)
`

// %% checkpoint 5
writeFileSync(join(home, 'check-drift.ts'), driftScript)
const [quiet, alarmed, gradual, absent] = (await Promise.all(
  ['none.csv', 'sudden.csv', 'gradual.csv', 'nothing.csv'].map((current) =>
    runNode(home, ['check-drift.ts', 'reference.csv', current]),
  ),
)) as [Ended, Ended, Ended, Ended]
assert(
  quiet.status !== 0 || quiet.said.trim() !== '',
  '체크포인트 5: 스크립트가 아무것도 알리지 않습니다. TODO를 runDriftMonitoring과 console.log로 바꾸십시오.',
)
assert.equal(
  quiet.status,
  0,
  `체크포인트 5: 드리프트가 없는 none.csv에서 종료 코드가 ${quiet.status}입니다. 통과하면 0이어야 합니다. ` +
    `${quiet.said.trim().slice(0, 200)}`,
)
assert.equal(
  alarmed.status,
  1,
  `체크포인트 5: 드리프트가 있는 sudden.csv에서 종료 코드가 ${alarmed.status}입니다. 글로 "실패"라고 적어도 ` +
    '파이프라인은 process.exitCode만 봅니다.',
)
assert(
  existsSync(join(home, 'reports/drift_alert.html')),
  '체크포인트 5: reports/drift_alert.html이 없습니다. reportDir에 reports를 주었는지 보십시오.',
)
assert.equal(
  gradual.status,
  1,
  '체크포인트 5: 점진 드리프트(gradual.csv)가 통과합니다. driftThreshold가 0.1인지 보십시오. 0.3이면 지나칩니다.',
)
assert.equal(
  absent.status,
  2,
  `체크포인트 5: 파일이 없는데 종료 코드가 ${absent.status}입니다. 점검하지 못한 것(2)은 드리프트(1)와 달라야 합니다.`,
)
console.log('✅ 체크포인트 5 통과: 통과 0, 드리프트 1, 점검하지 못함 2. 리포트도 남았습니다.')

// %% summary
/*
## 정리

- 판정에는 가격이 있습니다. 정확도 99.0 %인 "모두 승인"은 36일에 1억 9,500만 원을 잃고, 정확도 96.0 %인 임곗값 0.18은 9,265만 원을 남깁니다.
- 가장 싼 임곗값은 점수를 한 번 훑으면 정확히 나옵니다. 격자는 자기 밖을 보지 못합니다.
- 보정된 점수의 임곗값은 `c_fp / (c_fp + c_fn)`, 가중치 w로 배운 점수는 `w·c_fp / (w·c_fp + c_fn)`입니다. 임곗값은 모델의 것입니다.
- 테스트는 고장 난 모델로 시험해야 합니다. 빈 테스트와 빈 배열은 언제나 통과합니다.
- 파이프라인은 종료 코드를 읽습니다. 드리프트(1)와 점검하지 못함(2)을 나눕니다.

### 생각해 볼 질문의 답

1. **70건을 막는 모델이 벌어 준 돈.** 모델이 없으면 −1억 원, 있으면 −3,000만 원이므로 7,000만 원입니다. 식의 4,000만 원은 "막은 돈 −
   잃은 돈"이고 "모두 승인"의 값이 0원이 아니라 −1억 원입니다. 두 숫자는 묻는 것이 다릅니다.
2. **격자가 0.05를 돌려주었다면.** 0.05는 격자의 첫 값입니다. 최적점이 더 아래에 있을 수 있습니다. 모델 B가 그랬습니다. 격자는 비용 4,129를
   답했지만 0.020에서는 2,513입니다.
3. **가중치를 100으로 올리면.** 식은 100 / (100 + 100) = 0.5라고 답합니다. 실제로 학습해서 훑어 보면 0.244입니다. 방향은 맞고
   크기는 다릅니다. 점수가 승산의 배율 그대로 부풀지는 않기 때문입니다. 식은 출발점이고 확인은 데이터로 합니다.
4. **사기가 열 배인 검증 데이터.** 평균이라면 √10, 즉 3배쯤 좁아집니다. 가장 낮은 자리를 찾는 일은 평균보다 더디어서 그보다 덜 좁아집니다.
5. **빈 테스트의 결과.** 통과입니다. 확인하지 않은 것은 실패하지 않습니다. 그래서 테스트를 쓴 다음에는 코드를 일부러 고장 내 봅니다.
6. **재학습이 성공하면 바로 승격할지.** 아닙니다. 새 모델은 챌린저까지만 됩니다. 승격은 사람이 정하거나 A/B 테스트가 정합니다. 2-5에서 다룹니다.
7. **점검이 통과하면 성능도 그대로인지.** 아닙니다. 입력의 분포가 그대로여도 사기의 방법이 바뀔 수 있습니다. 그것은 라벨이 와야 보입니다.

### 면접 포인트

**Q: "비용 최적화는 어떻게 했나요?"**

> 놓친 사기와 오탐의 값을 다르게 두고 비용이 가장 작은 임곗값을 골랐습니다. 기본 정책은 100 대 1이고 0.18입니다.
> 격자로 찾지 않고 점수를 정렬해 한 번 훑어서 정확한 최솟값을
> 찾습니다([find-optimal-threshold.ts](../../src/decision/find-optimal-threshold.ts)).
> 시뮬레이션 거래 20,000건에서 0.5의 비용은 7,173, 0.18은 3,967이었습니다. 검증에서 고른 0.131은 3,808이었고요.
> 다만 검증 거래의 사기가 182건뿐이라 최적 임곗값의 95 % 범위가 0.10에서 0.21이었습니다. 그래서 넷째 자리를 좇지 않고, 지금 값이 범위 안에 있으면
> 바꾸지 않습니다.

**Q: "0.18은 어디서 나온 숫자인가요?"**

> 가격과 학습 가중치가 함께 만든 숫자입니다. 점수가 보정되어 있으면 1/101, 0.01이 맞습니다. 저희는 `scalePosWeight`를 20으로 배워서
> 승산이 20배쯤 부풀려져 있고, 20/(20+100) = 0.167이 됩니다. 0.18은 그 옆입니다. 이론값은 라벨을 쓰지 않았는데도 테스트에서 3,627로
> 검증에서 고른 값보다 쌌습니다. 그래서 임곗값을 설정이 아니라 모델 폴더의 정책에 두고 승격과 롤백이 함께
> 옮깁니다([policy.ts](../../src/decision/policy.ts)).

**Q: "비즈니스 임팩트를 어떻게 계산했나요?"**

> 명세의 가격, 즉 놓친 사기 100만 원과 오탐 5만 원으로 계산합니다([business-cost.ts](../../src/decision/business-cost.ts)).
> 36일치에서 순절감액이 9,265만 원, 하루 257만 원입니다. 두 가지를 조심했습니다. 며칠치인지 나누지 않으면 연간 금액이 36배가 되고,
> 막은 돈과 잃은 돈을 함께 세면 사기 한 건이 200만 원 차이가 됩니다. 그래서 보고할 때는 무엇과 비교한 값인지 같이 적습니다.
> 시뮬레이션의 결과이므로 실제 금액은 실제 가격과 거래로 다시 계산해야 한다고도 말합니다.

**Q: "CI/CD 파이프라인에 뭐가 포함되나요?"**

> 코드, 모델, 데이터에 문이 하나씩 있습니다. `test`는 전체 테스트를 돌리고 `src`의 줄 90 % 이상을 요구합니다. `model-validation`은
> 후보의 AUC가 0.85보다
> 높은지, 비용이 챔피언 이하인지 봅니다([validate-model.ts](../../src/pipeline/validate-model.ts)).
> `drift-check`는 push와 매일 밤에 돌고,
> 실패하면 리포트를 아티팩트로 올리고 밤 점검이면 Slack에 알립니다([워크플로](../../.github/workflows/ml-pipeline.yml),
> [alert.ts](../../src/pipeline/alert.ts)).
> 모든 작업은 npm 스크립트라 책상에서 그대로 재현되고, 액션은 커밋으로 고정하고 권한은 작업마다 따로 줍니다.

**Q: "자동화는 어디까지 했고, 어디서 멈췄나요?"**

> 드리프트가 있으면 재학습까지 자동입니다. 챔피언의 매개변수와 정책으로 다시 배우고 같은 관문을 통과하면 챌린저가
> 됩니다([retrain-challenger.ts](../../src/pipeline/retrain-challenger.ts)).
> 승격은 자동이 아닙니다. 데이터가 깨져서 생긴 드리프트라면 재학습 자체를
> 막습니다([retrain-advice.ts](../../src/monitoring/drift/retrain-advice.ts)).
> 고장 난 데이터를 배운 모델이 밤사이 챔피언이 되는 것이 가장 비싼 사고이기 때문입니다.

**Q: "AUC 0.85 기준이면 충분하지 않나요?"**

> 충분하지 않습니다. AUC는 순위만 봅니다. 이 노트북의 B 모델은 AUC가 0.9716으로 챔피언의 0.9659보다 높았지만, 같은 임곗값에서 비용은 8,477로
> 두 배가 넘었습니다. 놓친 사기가 32건에서 84건으로 늘었기 때문입니다. 그래서 비용 관문을 따로 둡니다.
> 참고로 두 AUC의 95 % 구간은 겹칩니다([delong.ts](../../src/evaluation/delong.ts)).

**Q: "드리프트 기준은 왜 30 %가 아니라 10 %인가요?"**

> 30 %는 점진 드리프트를 놓쳤습니다. 컬럼의 29 %가 움직였는데 통과했습니다. 0 %로 둘 수도 없습니다. 계정의 나이 같은 컬럼은 아무 일이 없어도 움직여서,
> 변화가 없는 세상에서도 6.5 %가 나왔습니다. 값이 흔들리는 것만으로 알람이 나지 않도록 크기와 우연을 함께 봅니다.
> 변하지 않은 데이터로 만든 리포트 500개 가운데 드리프트를 하나라도 보고한 것은 0.4
> %였습니다([run-drift-monitoring.ts](../../src/monitoring/report/run-drift-monitoring.ts)).

### 다음으로

[2-5. A/B 테스트](2-5_ab_testing.ipynb)에서 챌린저를 실제 거래에 세우고, 매일 들여다봐도 틀리지 않는 판정을 만듭니다.
*/
