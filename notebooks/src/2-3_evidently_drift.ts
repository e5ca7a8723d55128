// %% title
/*
# 2-3. 드리프트를 알아차리기

모델은 배포한 날부터 낡기 시작합니다. 문제는 아무도 오류를 내지 않는다는 점입니다. 서버는 200을 돌려주고, 점수도 그럴듯하게 나옵니다.
이 노트북에서는 데이터가 달라졌는지 먼저 알아차리고, 무엇을 할지 정하는 방법을 배웁니다.

**학습 목표**

- Evidently 0.7의 `Report` API를 설명하고, 같은 API로 두 모드(`fds`, `evidently`)를 비교할 수 있습니다.
- 기준(reference) 창과 현재(current) 창을 시간으로 나눌 수 있습니다.
- PSI를 손으로 계산하고, 10만 건에서 p-값만 믿으면 안 되는 이유를 말할 수 있습니다.
- 라벨이 늦게 도착하는 상황에서 타겟 드리프트를 바르게 잴 수 있습니다.
- 리포트의 테스트 결과로 CI를 통과시키거나 막고, HTML 리포트를 증거로 남길 수 있습니다.

**걸리는 시간** 약 90분 · **미리 알아야 할 것** 비율과 로그, 가설 검정의 p-값, TypeScript 함수

**사용법** 위에서부터 차례로 실행합니다. `TODO` 셀을 채우고 바로 아래 체크포인트를 실행하십시오. 틀리면 무엇을 볼지 알려 줍니다.
정답 셀은 접혀 있습니다. 막히면 열어 보고, 다시 닫고 직접 써 보십시오.
*/

// %% imports
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  adviseRetraining,
  averagePrecisionScore,
  type ColumnDrift,
  columnOf,
  createRandom,
  DataDriftPreset,
  type DriftCheck,
  featureNames,
  fitFeatures,
  ksTest,
  labelsOf,
  type NumberProfile,
  populationStabilityIndex,
  psiBand,
  psiTest,
  qValues,
  Report,
  type ReportDict,
  runDriftMonitoring,
  SIMULATED_ROLES,
  type SimulatedData,
  selectRows,
  simulateTransactions,
  type Table,
  trainBooster,
  transformTable,
  ValueDrift,
  zTest,
} from 'fds-system'
import { COLORS } from '../../src/tuning/analysis/draw-svg.ts'
import { courseHome, TODO } from '../lib/course.ts'
import { diagram } from '../lib/diagram.ts'
import { between } from '../lib/payments.ts'
import { chart, show, table } from '../lib/show.ts'

const home = courseHome('2-3')
// 그림마다 같은 자리에 범례와 축을 둡니다.
const LEGEND = { top: 14, right: 20 }
const GRID = { top: 92, left: 76, right: 36, bottom: 58 }
const percent = (share: number) => `${(100 * share).toFixed(2)} %`
const BAND_NAMES = { stable: '안정', watch: '약간 변화', retrain: '드리프트' } as const

// %% concept
/*
## 1. 드리프트 도구와 그 버전

**왜 필요한가?** 어느 팀의 야간 점검은 `from evidently.test_suite import TestSuite`로 시작했습니다. 패키지가 0.7로 올라가자
이 import가 실패했고, 점검은 첫 줄에서 멈췄습니다. 알림은 드리프트가 있을 때만 오게 되어 있었으므로 3주 동안 아무 알림도 없었습니다.
모두가 "드리프트가 없다"고 믿었지만, 사실은 **점검이 없었습니다**. 그사이 결제 금액은 두 배가 되었습니다.

드리프트(drift)는 현재 데이터가 기준 데이터와 **우연 이상으로, 의미 있게** 달라진 상태입니다. Python에서는 Evidently를 많이 씁니다.
0.7에서 API가 크게 바뀌었으므로 버전부터 확인해야 합니다.

| 하는 일 | Evidently 0.6 | Evidently 0.7 | 이 시스템 |
| --- | --- | --- | --- |
| 리포트 | `Report(metrics=[…])` | `Report(metrics=[…])` | `new Report([…])` |
| 테스트 | `TestSuite`를 따로 만듭니다 | `include_tests=True` | `{ includeTests: true }` |
| 실행 | `report.run(…)`, 결과는 report 안에 | `result = report.run(…)` | `const result = report.run({ reference, current })` |
| JSON | `report.as_dict()` | `result.dict()` | `result.dict()` |
| HTML | `report.save_html(…)` | `result.save_html(…)` | `await result.saveHtml(…)` |

이 시스템에는 따로 설치할 것이 없습니다. 대신 모드(mode)가 두 가지입니다.

- `fds`(기본): 이 시스템의 판정입니다. 모든 컬럼을 PSI로 재고, 우연이 아닌지도 함께 봅니다.
- `evidently`: **Evidently 0.7.23**의 방법 선택과 숫자를 그대로 냅니다. 기존 리포트와 나란히 돌려 보고 옮겨 올 때 씁니다.

**생각해 볼 질문.** "알림이 없다"와 "드리프트가 없다"를 구별하려면 점검 작업에 무엇을 더 남겨야 할까요?
*/

// %% example
// 표 두 개를 Report에 넣으면 결과 하나가 나오고, 같은 결과를 네 가지 모양으로 꺼냅니다.
const apiPicture = diagram({
  title: 'Report가 하는 일',
  boxes: {
    reference: [0, 0, 'reference', '모델이 배운 데이터'],
    current: [0, 1, 'current', '최근 데이터'],
    report: [1, 0, 'Report', '무엇을 볼지 정합니다'],
    result: [1, 1, 'ReportResult', 'passed, driftShare'],
    dict: [2, 0, 'dict(), json()', 'CI가 읽습니다'],
    html: [2, 1, 'saveHtml()', '사람이 읽습니다'],
  },
  arrows: [
    ['reference', 'report'],
    ['current', 'report'],
    ['report', 'result', 'run'],
    ['result', 'dict'],
    ['result', 'html'],
  ],
})

// 가격이 갑자기 오른 세계의 2만 건: 앞 45 %가 기준, 뒤 25 %가 현재입니다.
const small = simulateTransactions({ rows: 20_000, seed: 2026, drift: 'sudden' }).table
const smallWindows = { reference: between(small, 0, 0.45), current: between(small, 0.75, 1) }
const fewColumns = ['amount', 'limit_use', 'channel', 'is_new_device']
const modeRows = (['fds', 'evidently'] as const).flatMap((mode) =>
  new Report([new DataDriftPreset({ columns: fewColumns })], { mode })
    .run(smallWindows)
    .columns.map(({ name, method, score, threshold, drifted }) => [
      mode,
      name,
      method ?? '비교하지 않음',
      score,
      threshold,
      drifted ? '드리프트' : '—',
    ]),
)
await show(apiPicture)
table(['모드', '컬럼', '방법', '값', '임곗값', '판정'], modeRows)

// %% concept
/*
## 2. 같은 데이터, 다른 판정

**왜 필요한가?** 기존 리포트를 새 도구로 옮기면 어제까지 조용하던 컬럼이 갑자기 걸리거나, 걸리던 컬럼이 조용해집니다. 데이터는 그대로인데
방법이 바뀐 것입니다. 이유를 설명하지 못하면 새 도구의 알림은 처음부터 믿음을 잃습니다.

위 표에서 두 가지가 눈에 띕니다.

- `evidently` 모드는 컬럼의 타입에 따라 방법을 바꿉니다. 숫자는 바서슈타인 거리(`wasserstein`), 범주는 옌센–섀넌 거리(`jensenshannon`)입니다.
  값의 단위가 서로 달라서 0.3이 큰지 작은지 컬럼끼리 비교할 수 없습니다.
- `is_new_device`는 참·거짓인데 빈 값이 섞여 있습니다. Evidently는 이런 컬럼을 비교하지 못하고 **오류로 처리**합니다. `fds` 모드는 빈 값도 구간 하나로
  보고 비교합니다.

Evidently는 기준 데이터의 크기에 따라서도 방법을 바꿉니다. 데이터가 한 건 늘었을 뿐인데 판정 방법이 달라질 수 있다는 뜻입니다.
그 경계를 실습에서 직접 찾아 봅니다.

**생각해 볼 질문.** 기준 데이터가 990건이었다가 1,010건이 되는 날, 야간 점검에는 무슨 일이 일어날까요?
*/

// %% example
diagram({
  title: '컬럼 하나가 비교되는 길',
  boxes: {
    number: [0, 0, '숫자', 'amount'],
    category: [0, 1, '범주', 'channel'],
    holes: [0, 2, '빈 값이 섞인 참·거짓', 'is_new_device'],
    wasserstein: [1, 0, 'wasserstein', 'evidently 모드'],
    jensen: [1, 1, 'jensenshannon', 'evidently 모드'],
    error: [1, 2, '오류', 'evidently 모드'],
    psi: [2, 1, 'PSI', 'fds 모드는 언제나'],
  },
  arrows: [
    ['number', 'wasserstein'],
    ['category', 'jensen'],
    ['holes', 'error'],
    ['wasserstein', 'psi', '대신'],
    ['jensen', 'psi'],
    ['error', 'psi'],
  ],
})

// %% exercise 1
/*
### 실습 1. Evidently 설치 및 버전 확인

설치할 것은 없습니다. 대신 "지금 쓰는 도구가 내가 아는 대로 움직이는가"를 코드로 확인합니다.

**할 일** `methodOf(rows, mode)`를 완성합니다. `small`의 앞 `rows`건을 기준과 현재 양쪽에 넣고, `amount` 컬럼을 어떤 방법으로 비교했는지 돌려줍니다.

- 입력: 기준 데이터의 건수 `rows`, 모드 `mode`
- 출력: 방법의 이름. 예: `'psi'`
- 힌트 1: 앞 `rows`건은 `selectRows(small, Int32Array.from({ length: rows }, (_, row) => row))`입니다.
- 힌트 2: 모드는 `Report`의 두 번째 인자입니다. 결과의 `columns[0].method`를 읽으십시오.
*/

// %% todo 1
let methodOf: (rows: number, mode: 'fds' | 'evidently') => string | null | undefined = (
  rows,
  mode,
) => {
  // TODO: small의 앞 rows건을 고릅니다.
  const part: Table = TODO
  // TODO: amount만 보는 Report를 mode로 만들고, part를 양쪽에 넣어 실행한 뒤 방법을 돌려줍니다.
  return TODO
}

// %% solution 1
// 정답 1
methodOf = (rows, mode) => {
  const part = selectRows(
    small,
    Int32Array.from({ length: rows }, (_, row) => row),
  )
  const report = new Report([new DataDriftPreset({ columns: ['amount'] })], { mode })
  return report.run({ reference: part, current: part }).columns[0]?.method
}
table(
  ['기준 건수', 'fds', 'evidently'],
  [500, 1000, 1001, 5000].map((rows) => [rows, methodOf(rows, 'fds'), methodOf(rows, 'evidently')]),
)

// %% mistake 1: mode를 Report에 넘기지
methodOf = (rows, mode) => {
  const part = selectRows(
    small,
    Int32Array.from({ length: rows }, (_, row) => row),
  )
  const report = new Report([new DataDriftPreset({ columns: ['amount'] })])
  return report.run({ reference: part, current: part }).columns[0]?.method
}

// %% checkpoint 1
assert(
  methodOf(500, 'fds') !== undefined,
  '체크포인트 1: methodOf가 아직 빈칸입니다. Report를 실행하고 columns[0].method를 돌려주십시오.',
)
assert.equal(
  methodOf(500, 'fds'),
  'psi',
  '체크포인트 1: fds 모드는 늘 psi로 비교합니다. amount 컬럼의 method를 읽었는지 보십시오.',
)
assert.notEqual(
  methodOf(500, 'evidently'),
  'psi',
  '체크포인트 1: 두 모드의 방법이 같습니다. mode를 Report에 넘기지 않은 것은 아닌지 보십시오.',
)
assert.deepEqual(
  [methodOf(1000, 'evidently'), methodOf(1001, 'evidently')],
  ['ks', 'wasserstein'],
  '체크포인트 1: 1,000건은 ks, 1,001건은 wasserstein이어야 합니다. 앞 rows건만 골랐는지 보십시오.',
)
assert.equal(
  methodOf(1001, 'fds'),
  'psi',
  '체크포인트 1: fds 모드의 방법은 건수에 따라 바뀌지 않아야 합니다.',
)
console.log(
  '✅ 체크포인트 1 통과: Evidently는 기준 1,000건을 넘는 순간 p-값에서 거리로 방법을 바꿉니다.',
)

// %% concept
/*
## 3. 기준과 현재

**왜 필요한가?** 한 팀은 전체 거래를 무작위로 반씩 나누어 기준과 현재로 삼았습니다. 6개월 내내 드리프트는 0이었습니다. 당연합니다.
무작위로 나누면 7월의 거래가 양쪽에 똑같이 섞이므로 **무슨 일이 일어나도 두 쪽은 같습니다**. 드리프트는 시간에 따른 변화이므로 시간으로 나누어야 보입니다.

- **기준(reference)** 창은 챔피언 모델이 배운 기간입니다. "모델이 아는 세계"입니다.
- **현재(current)** 창은 최근 며칠입니다. 짧으면 표본이 모자라고, 길면 변화가 희석됩니다.
- 두 창은 겹치지 않아야 합니다. 겹친 만큼 두 쪽이 같아져서 변화가 작아 보입니다.

연습용으로는 답을 아는 데이터가 필요합니다. 시뮬레이터는 같은 시드로 세 가지 세계를 만듭니다. 180일 가운데 앞 90일은 세 세계가 같은 규칙을 따릅니다.

| 세계 | 뒤 90일에 일어나는 일 |
| --- | --- |
| `none` | 아무 일도 없습니다 |
| `gradual` | 90일째부터 180일째까지 조금씩 바뀝니다 |
| `sudden` | 90일째에 한꺼번에 바뀝니다 |

바뀌는 것은 다섯 가지입니다. 가격은 2.2배가 되고, 온라인으로 옮길 수 있는 구매의 절반이 옮겨 갑니다. 사기 수법의 비중이 달라지고,
카드 테스트의 금액은 여섯 배가 되며, 계정 탈취의 절반은 고객의 기기로 낮에 일어납니다. 앞의 둘은 입력을 바꾸고, 뒤의 셋은 **입력의 뜻**을 바꿉니다.

**생각해 볼 질문.** 기준 창을 "지난달"로 잡고 매달 한 칸씩 옮기면 점진적인(gradual) 변화가 왜 보이지 않을까요?
*/

// %% example
// 세 세계에서 10만 건씩 만들고, 앞 45 %를 기준으로, 뒤 25 %를 현재로 둡니다.
const DRIFTS = ['none', 'gradual', 'sudden'] as const
const worldOf = (drift: (typeof DRIFTS)[number]) => {
  const data = simulateTransactions({ rows: 100_000, seed: 2026, drift })
  return { data, reference: between(data.table, 0, 0.45), current: between(data.table, 0.75, 1) }
}
const worlds = { none: worldOf('none'), gradual: worldOf('gradual'), sudden: worldOf('sudden') }

// 거래 번호, 고객 번호처럼 늘 새로운 값과 시각, 라벨은 입력으로 비교하지 않습니다.
const IDENTIFIERS = ['transaction_id', 'transaction_time', 'customer_id', 'merchant_id']
const INPUTS = worlds.none.data.table.columns
  .map(({ name }) => name)
  .filter((name) => ![...IDENTIFIERS, 'isFraud'].includes(name))

const numbersOf = (from: Table, name: string) => columnOf(from, name) as { values: Float64Array }
const medianOf = (values: Float64Array) => values.sort()[Math.floor(values.length / 2)]!
const inOrder = worlds.none.data.table
const dayOf = (from: Table, row: number) => {
  const times = numbersOf(from, 'transaction_time').values
  return (times[row]! - numbersOf(inOrder, 'transaction_time').values[0]!) / 86_400
}
const amountsByStretch = (from: Table) =>
  Array.from({ length: 30 }, (_, stretch) => {
    const part = between(from, stretch / 30, (stretch + 1) / 30)
    const median = medianOf(numbersOf(part, 'amount').values)
    return [dayOf(part, Math.floor(part.rowCount / 2)), median]
  })

await show(
  chart({
    title: '결제 금액의 중앙값',
    subtitle: '10만 건을 시간순으로 30토막, 가로는 지난 날짜, 회색은 기준 창, 파란색은 현재 창',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: { type: 'value', name: '지난 날짜', nameLocation: 'middle', nameGap: 32, max: 180 },
      yAxis: { type: 'value', name: '중앙값(원)', min: 0 },
      series: DRIFTS.map((drift, at) => ({
        name: drift,
        type: 'line' as const,
        symbol: 'none',
        color: [COLORS.grey, COLORS.orange, COLORS.vermilion][at]!,
        data: amountsByStretch(worlds[drift].data.table),
        ...(at === 0 && {
          markArea: {
            silent: true,
            data: [
              [{ xAxis: 0, itemStyle: { color: '#8a8f9818' } }, { xAxis: dayOf(inOrder, 45_000) }],
              [
                { xAxis: dayOf(inOrder, 75_000), itemStyle: { color: '#0072b218' } },
                { xAxis: 180 },
              ],
            ],
          },
        }),
      })),
    },
  }),
)
table(
  ['세계', '기준(건)', '현재(건)', '비교하는 컬럼', '기준의 금액 중앙값', '현재의 금액 중앙값'],
  DRIFTS.map((drift) => [
    drift,
    worlds[drift].reference.rowCount,
    worlds[drift].current.rowCount,
    INPUTS.length,
    medianOf(numbersOf(worlds[drift].reference, 'amount').values.slice()),
    medianOf(numbersOf(worlds[drift].current, 'amount').values.slice()),
  ]),
)

// %% exercise 2
/*
### 실습 2. Reference/Current 데이터 준비

예제는 표가 시각순이라고 믿고 **건수**로 잘랐습니다. 위험한 방법입니다. 파일은 순서가 섞여 오기도 하고, 하루 거래량도 날마다 다릅니다. 절반인 5만 건에서 잘랐다면
95일째까지 들어가서, 기준에 이미 바뀐 세계의 거래가 2,700건쯤 섞였을 것입니다. 이번에는 **시각**으로 자릅니다.

**할 일** `windowsOf(payments, currentDays)`를 완성합니다.

- 입력: 거래 표(순서를 믿지 마십시오), 현재 창의 길이(일)
- 출력: `{ reference, current }`
- 기준 창: 가장 이른 시각부터 90일이 되기 전까지의 거래
- 현재 창: 가장 늦은 시각에서 `currentDays`일 안쪽의 거래(`time > 마지막 시각 − currentDays일`)
- 힌트 1: `transaction_time`은 1970년부터 흐른 초입니다. 하루는 86,400초입니다.
- 힌트 2: `Math.min(...times)`는 10만 개에서 위험합니다. `times.reduce((a, b) => Math.min(a, b))`를 쓰십시오.
- 힌트 3: 조건에 맞는 행 번호는 `Int32Array.from(times.keys()).filter((row) => …)`로 모아 `selectRows`에 넘깁니다.
*/

// %% todo 2
const DAY = 86_400
let windowsOf: (payments: Table, currentDays: number) => { reference: Table; current: Table } = (
  payments,
  currentDays,
) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  // TODO: 가장 이른 시각과 가장 늦은 시각을 구합니다.
  // TODO: 기준 창의 행(처음 90일)과 현재 창의 행(마지막 currentDays일)을 고릅니다.
  return { reference: TODO, current: TODO }
}

// %% solution 2
// 정답 2
windowsOf = (payments, currentDays) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  const first = times.reduce((a, b) => Math.min(a, b))
  const last = times.reduce((a, b) => Math.max(a, b))
  return {
    reference: selectRows(
      payments,
      rows.filter((row) => times[row]! < first + 90 * DAY),
    ),
    current: selectRows(
      payments,
      rows.filter((row) => times[row]! > last - currentDays * DAY),
    ),
  }
}
const dayText = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
table(
  ['창', '건수', '첫 거래', '마지막 거래'],
  Object.entries(windowsOf(worlds.none.data.table, 30)).map(([name, part]) => {
    const times = numbersOf(part, 'transaction_time').values
    return [name, part.rowCount, dayText(times[0]!), dayText(times.at(-1)!)]
  }),
)

// %% mistake 2: 기준 창에 현재의 거래가 들어
windowsOf = (payments, currentDays) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  const last = times.reduce((a, b) => Math.max(a, b))
  return {
    reference: payments,
    current: selectRows(
      payments,
      rows.filter((row) => times[row]! > last - currentDays * DAY),
    ),
  }
}

// %% checkpoint 2
// 같은 거래를 거꾸로 늘어놓은 표: 시각으로 나누었다면 결과가 같아야 합니다.
const reversed = selectRows(
  inOrder,
  Int32Array.from({ length: inOrder.rowCount }, (_, row) => inOrder.rowCount - 1 - row),
)
for (const payments of [inOrder, reversed]) {
  for (const days of [7, 30]) {
    const all = numbersOf(payments, 'transaction_time').values
    const [start, end] = [
      all.reduce((a, b) => Math.min(a, b)),
      all.reduce((a, b) => Math.max(a, b)),
    ]
    const found = windowsOf(payments, days)
    assert(
      found.reference !== undefined && found.current !== undefined,
      '체크포인트 2: windowsOf가 아직 빈칸입니다. selectRows로 고른 표 두 개를 돌려주십시오.',
    )
    const [past, recent] = [found.reference, found.current].map((part) =>
      numbersOf(part, 'transaction_time').values.slice().sort(),
    ) as [Float64Array, Float64Array]
    assert(
      past.length > 0 && recent.length > 0,
      '체크포인트 2: 창 하나가 비었습니다. 표의 순서를 믿지 않고 가장 이른 시각과 늦은 시각을 구했는지 보십시오.',
    )
    assert(
      past.at(-1)! < recent[0]!,
      '체크포인트 2: 기준 창에 현재의 거래가 들어 있습니다. 기준은 처음 90일까지만입니다.',
    )
    assert.equal(
      past.length,
      all.filter((time) => time < start + 90 * DAY).length,
      '체크포인트 2: 기준 창의 건수가 다릅니다. 첫 시각 + 90일보다 이른 거래인지 보십시오.',
    )
    assert.equal(
      recent.length,
      all.filter((time) => time > end - days * DAY).length,
      '체크포인트 2: 현재 창의 건수가 다릅니다. currentDays와 초 단위 변환(86,400)을 보십시오.',
    )
  }
}
console.log('✅ 체크포인트 2 통과: 순서가 뒤집힌 표에서도 두 창이 시각으로 나뉘고 겹치지 않습니다.')

// %% concept
/*
## 4. PSI: 얼마나 달라졌는가

**왜 필요한가?** 평균만 보는 감시를 생각해 봅시다. 어제는 모두가 5만 원을 결제했고, 오늘은 절반이 1만 원, 절반이 9만 원을 결제했습니다. 평균은 두 날 모두 5만 원입니다.
카드 테스트(소액)와 도난 카드(고액)가 동시에 늘어도 평균은 조용합니다. **분포 전체**를 봐야 합니다.

모집단 안정성 지수(PSI, population stability index)는 구간별 비율을 비교합니다. 구간마다 기준 비율을 r, 현재 비율을 c라고 하면 다음과 같습니다.

$$\mathrm{PSI} = \sum (r - c)\,\ln\frac{r}{c}$$

손으로 해 봅시다. 구간 세 개에 기준은 50·30·20 %, 현재는 30·30·40 %입니다.

| 구간 | r | c | r − c | ln(r ÷ c) | 곱 |
| --- | --- | --- | --- | --- | --- |
| 소액 | 0.5 | 0.3 | 0.2 | 0.511 | 0.102 |
| 중간 | 0.3 | 0.3 | 0 | 0 | 0 |
| 고액 | 0.2 | 0.4 | −0.2 | −0.693 | 0.139 |
| **합** | | | | | **0.241** |

두 인자의 부호가 늘 같으므로 항은 음수가 되지 않습니다. 늘어난 구간과 줄어든 구간이 서로를 지우지 못한다는 점이 평균과 다릅니다.

| PSI | 해석 | 조치 |
| --- | --- | --- |
| 0.1 미만 | 안정 | 유지 |
| 0.1 ~ 0.25 | 약간 변화 | 모니터링 강화 |
| 0.25 초과 | 드리프트 | 재학습 검토 |

이 시스템은 숫자 컬럼을 **기준의 십분위수**로 나누고(그래서 기준은 구간마다 약 10 %), 빈 값도 구간 하나로 셉니다. 빈 구간에서 ln이 무한대가 되지 않도록
구간마다 반 건(0.5)을 더합니다.

**생각해 볼 질문.** 구간을 현재 데이터의 십분위수로 나누면 어떤 문제가 생길까요?
*/

// %% example
// sudden 세계의 amount를 구간별로 펼쳐 보고, 항을 더해 리포트의 PSI와 같은지 확인합니다.
const amountResult = new Report([new DataDriftPreset({ columns: ['amount'] })]).run(worlds.sudden)
const [before, after] = [amountResult.reference, amountResult.current].map(
  ({ columns }) => columns[0] as NumberProfile,
) as [NumberProfile, NumberProfile]
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
const bins = before.counts.map((count, bin) => {
  // 구간마다 반 건을 더한 비율
  const r = (count + 0.5) / (total(before.counts) + 0.5 * before.counts.length)
  const c = (after.counts[bin]! + 0.5) / (total(after.counts) + 0.5 * after.counts.length)
  const [from, to] = [before.cuts[bin - 1], before.cuts[bin]]
  const range =
    to === undefined
      ? `${won(from!)} 초과`
      : from === undefined
        ? `${won(to)} 이하`
        : `~ ${won(to)}`
  return { range, r, c, term: (r - c) * Math.log(r / c) }
})
function won(value: number): string {
  return value >= 10_000 ? `${(value / 10_000).toFixed(1)}만` : value.toLocaleString('ko-KR')
}
await show(
  chart({
    title: '결제 금액의 구간별 비율',
    subtitle: '구간은 기준의 십분위수, sudden 세계, 단위는 원',
    option: {
      legend: LEGEND,
      grid: { ...GRID, bottom: 64 },
      xAxis: {
        type: 'category',
        data: bins.map(({ range }) => range),
        name: '구간',
        nameLocation: 'middle',
        nameGap: 36,
        axisLabel: { interval: 0, fontSize: 10 },
      },
      yAxis: { type: 'value', name: '비율(%)' },
      series: [
        { name: '기준', type: 'bar', color: COLORS.grey, data: bins.map(({ r }) => 100 * r) },
        { name: '현재', type: 'bar', color: COLORS.vermilion, data: bins.map(({ c }) => 100 * c) },
      ],
    },
  }),
)
const byHand = bins.reduce((sum, { term }) => sum + term, 0)
await show(
  table(
    ['구간(원)', 'r', 'c', '(r − c) ln(r ÷ c)'],
    bins.map(({ range, r, c, term }) => [range, r, c, term]),
  ),
)
table(
  ['손으로 더한 PSI', '리포트의 PSI', '해석'],
  [[byHand, amountResult.columns[0]!.psi, BAND_NAMES[psiBand(byHand)]]],
)

// %% concept
/*
## 5. p-값은 왜 소리치고, PSI는 왜 떠는가

**왜 필요한가?** 어느 팀은 콜모고로프–스미르노프 검정(KS test)의 p-값이 0.05보다 작으면 알림을 보냈습니다. 거래가 하루 1,000건일 때는 조용했습니다.
하루 5만 건이 되자 **날마다** 알림이 왔습니다. 가격이 3 % 오른 것만으로 p-값이 0.00001이 되었기 때문입니다. 2주 뒤에는 아무도 알림을 보지 않았습니다.

두 숫자는 서로 다른 질문에 답합니다.

- **p-값**: "조금이라도 달라졌는가?" 건수가 많으면 아무리 작은 차이도 찾아냅니다.
- **PSI**: "얼마나 달라졌는가?" 건수를 모릅니다. 건수가 적으면 **우연만으로도** 0.1을 넘습니다.

아래에서 같은 분포, 가격 3 % 상승, 가격 2.2배를 건수만 바꾸어 비교합니다.

**생각해 볼 질문.** 구간이 10개이고 양쪽이 100건씩일 때, 아무 변화가 없어도 PSI는 평균 얼마쯤일까요?
*/

// %% example
// none 세계의 금액을 섞어 서로 다른 n건씩 두 번 뽑습니다. 두 표본의 분포는 같습니다.
const amounts = numbersOf(between(worlds.none.data.table, 0, 1), 'amount').values.slice()
const dice = createRandom(7)
for (let i = amounts.length - 1; i > 0; i--) {
  const j = dice.int(i + 1)
  const kept = amounts[i]!
  amounts[i] = amounts[j]!
  amounts[j] = kept
}
const tableOf = (values: Float64Array): Table => ({
  rowCount: values.length,
  columns: [{ name: 'amount', kind: 'number', values }],
})
const sizes = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
const factors = { '같은 분포': 1, '가격 3 % 상승': 1.03, '가격 2.2배': 2.2 } as const
const bySize = sizes.flatMap((n) =>
  Object.entries(factors).map(([what, factor]) => {
    const past = amounts.slice(0, n)
    const recent = amounts.slice(50_000, 50_000 + n).map((value) => value * factor)
    const verdict = new Report([new DataDriftPreset()]).run({
      reference: tableOf(past),
      current: tableOf(recent),
    })
    const psi = populationStabilityIndex(past, recent) as number
    return { n, what, psi, p: ksTest(past, recent).pValue, drifted: !verdict.passed }
  }),
)
const linesOf = (key: 'psi' | 'p', names: readonly string[], limits: readonly number[]) =>
  names.map((name, at) => ({
    name,
    type: 'line' as const,
    color: [COLORS.grey, COLORS.blue, COLORS.vermilion][at]!,
    data: bySize.filter(({ what }) => what === name).map((point) => [point.n, point[key]]),
    ...(at === 0 && {
      markLine: {
        symbol: 'none',
        silent: true,
        lineStyle: { color: COLORS.vermilion, type: 'dashed' as const },
        data: limits.map((yAxis) => ({ yAxis })),
      },
    }),
  }))
const sizeAxis = {
  type: 'log',
  name: '건수',
  nameLocation: 'middle',
  nameGap: 32,
  min: 100,
} as const
await show(
  chart({
    title: 'p-값: 많으면 소리칩니다',
    subtitle: 'KS 검정, 점선 0.05, 3 % 상승은 의미가 없지만 5만 건에서는 아주 작은 p-값이 나옵니다',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: sizeAxis,
      yAxis: { type: 'log', name: 'p-값' },
      series: linesOf('p', ['같은 분포', '가격 3 % 상승'], [0.05]),
    },
  }),
  chart({
    title: 'PSI: 적으면 떱니다',
    subtitle: '점선 0.1과 0.25, 같은 분포도 100건에서는 0.1을 넘습니다',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: sizeAxis,
      yAxis: { type: 'value', name: 'PSI' },
      series: linesOf('psi', Object.keys(factors), [0.1, 0.25]),
    },
  }),
)
table(
  ['건수', '무엇을', 'PSI', '밴드', 'KS p-값', '이 시스템의 판정'],
  bySize
    .filter(({ n }) => [100, 1000, 50_000].includes(n))
    .map(({ n, what, psi, p, drifted }) => [
      n,
      what,
      psi,
      BAND_NAMES[psiBand(psi)],
      p < 0.0001 ? '0.0001 미만' : p,
      drifted ? '드리프트' : '—',
    ]),
)

// %% concept
/*
## 6. 컬럼이 많으면 우연도 많다

**왜 필요한가?** 아무 변화가 없는 컬럼 100개를 5 % 수준으로 검정하면 **평균 5개**가 거짓으로 걸립니다. 447개면 22개입니다. 적어도 하나가 걸릴 확률은
1 − 0.95¹⁰⁰ = 99.4 %이므로, "하나라도 걸리면 알림"은 날마다 울리는 알림입니다.

해결은 다중 검정(multiple testing) 보정입니다. 이 시스템은 벤야미니–호크베르크(Benjamini–Hochberg) 방법을 씁니다. p-값을 작은 것부터 줄 세우고,
k번째 p-값을 0.05가 아니라 **0.05 × k ÷ 컬럼 수**와 비교합니다. 보정한 값을 q 값(q-value)이라고 합니다.

그래서 `fds` 모드에서 분포가 드리프트라고 판정하려면 두 조건이 모두 필요합니다.

1. **의미가 있다**: 표본의 흔들림을 감안해도 PSI가 0.1 이상입니다.
2. **우연이 아니다**: 리포트 전체에서 보정한 q 값이 5 % 미만입니다.

그 밖에 빈 값의 비율, 새 범주, 기준 범위를 벗어난 값, 무한대, 사라진 컬럼과 타입 변화도 함께 봅니다. 이것을 소견(finding)이라고 합니다.

**생각해 볼 질문.** 보정을 하면 진짜 드리프트를 놓치기 쉬워질까요? 거래가 10만 건일 때는 어떨까요?
*/

// %% example
// 아무 변화도 없는 컬럼 100개: 양쪽 모두 같은 정규분포에서 1,000개씩 뽑습니다.
const calm = createRandom(1)
const draw = () => Float64Array.from({ length: 1000 }, () => calm.normal())
const pValues = Array.from({ length: 100 }, () => ksTest(draw(), draw()).pValue)
const ranked = pValues.toSorted((a, b) => a - b).slice(0, 20)
const falseAlarms = pValues.filter((p) => p < 0.05).length
const afterCorrection = qValues(pValues).filter((q) => q !== null && q < 0.05).length
await show(
  chart({
    title: '변화가 없는 컬럼 100개의 p-값',
    subtitle: '작은 것부터 20개, 0.05 아래에 있어도 보정한 선 아래로는 내려가지 않습니다',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: {
        type: 'value',
        name: '순위 k',
        nameLocation: 'middle',
        nameGap: 32,
        min: 0,
        max: 20,
      },
      yAxis: { type: 'value', name: 'p-값' },
      series: [
        {
          name: 'p-값',
          type: 'scatter',
          color: COLORS.blue,
          data: ranked.map((p, k) => [k + 1, p]),
        },
        {
          name: '5 %',
          type: 'line',
          symbol: 'none',
          color: COLORS.vermilion,
          data: [
            [0, 0.05],
            [20, 0.05],
          ],
        },
        {
          name: '5 % × k ÷ 100',
          type: 'line',
          symbol: 'none',
          color: COLORS.green,
          data: [
            [0, 0],
            [20, 0.01],
          ],
        },
      ],
    },
  }),
)
table(
  ['판정 기준', '거짓 알림(컬럼 100개 중)'],
  [
    ['p-값 < 5 %', falseAlarms],
    ['q 값 < 5 %', afterCorrection],
  ],
)

// %% example
// 이제 세 세계의 리포트입니다. 컬럼 27개를 두 모드로 비교합니다.
const preset = new DataDriftPreset({ columns: INPUTS })
const results = Object.fromEntries(
  DRIFTS.map((drift) => [
    drift,
    {
      fds: new Report([preset], { includeTests: true }).run(worlds[drift]),
      evidently: new Report([preset], { includeTests: true, mode: 'evidently' }).run(worlds[drift]),
    },
  ]),
)
const psiOfColumn = (drift: string, name: string) =>
  results[drift]!.fds.columns.find((column) => column.name === name)?.psi ?? 0
const most = INPUTS.toSorted((a, b) => psiOfColumn('sudden', b) - psiOfColumn('sudden', a)).slice(
  0,
  12,
)
await show(
  chart({
    title: '컬럼별 PSI',
    subtitle: 'sudden 세계에서 큰 것부터 12개, 점선은 0.1과 0.25',
    height: 560,
    option: {
      legend: LEGEND,
      grid: { ...GRID, left: 170 },
      xAxis: { type: 'value', name: 'PSI', nameLocation: 'middle', nameGap: 32 },
      yAxis: { type: 'category', data: most, inverse: true },
      series: DRIFTS.map((drift, at) => ({
        name: drift,
        type: 'bar' as const,
        color: [COLORS.grey, COLORS.orange, COLORS.vermilion][at]!,
        data: most.map((name) => psiOfColumn(drift, name)),
        ...(at === 0 && {
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: '#5a5f66', type: 'dashed' as const },
            label: { position: 'start' as const },
            data: [{ xAxis: 0.1 }, { xAxis: 0.25 }],
          },
        }),
      })),
    },
  }),
)
const FINDINGS: Readonly<Record<string, string>> = {
  distribution: '분포',
  missing: '빈 값의 비율',
  new_categories: '새 범주',
  out_of_range: '범위를 벗어난 값',
  vanished: '사라진 컬럼',
  type_changed: '바뀐 타입',
}
const reasonOf = ({ findings }: ColumnDrift) => {
  const kinds = findings.filter(({ drifted }) => drifted).map(({ kind }) => FINDINGS[kind] ?? kind)
  return kinds.join(', ')
}
await show(
  table(
    ['세계', 'fds: 드리프트 컬럼', 'fds: 비율', 'evidently: 드리프트 컬럼', 'evidently: 비율'],
    DRIFTS.map((drift) => {
      const { fds, evidently } = results[drift]!
      const count = ({ columns }: typeof fds) => columns.filter(({ drifted }) => drifted).length
      return [drift, count(fds), fds.driftShare, count(evidently), evidently.driftShare]
    }),
  ),
)
table(
  ['세계', '드리프트 컬럼', 'PSI', '드리프트인 까닭', 'evidently의 판정'],
  (['none', 'sudden'] as const).flatMap((drift) =>
    results[drift]!.fds.columns.filter(({ drifted }) => drifted).map((column) => {
      const other = results[drift]!.evidently.columns.find(({ name }) => name === column.name)!
      const verdict = other.score === null ? '비교하지 않음' : other.drifted ? '드리프트' : '—'
      return [drift, column.name, column.psi, reasonOf(column), verdict]
    }),
  ),
)

// %% concept
/*
## 7. 리포트의 표를 읽는 법

**왜 필요한가?** 한 팀은 "드리프트 컬럼 1개"라는 조용한 날의 리포트를 보고 재학습을 시작했습니다. 그 컬럼은 시간이 흐르면 당연히 자라는 값이었고, 새 모델에서도
다음 달에 똑같이 걸렸습니다. 컬럼의 수보다 **어느 컬럼이 왜** 걸렸는지가 먼저입니다.

- **`none`에서도 컬럼 하나가 걸렸습니다.** `account_age_days`는 계좌를 연 뒤 지난 날입니다. 시간이 흐르면 당연히 자라고, 기준에서 본 최댓값을 넘습니다. 거짓 알림이 아니라
  **그런 컬럼**입니다. 트리는 본 적 없는 큰 값을 가장 끝 구간처럼 다루므로 대개 괜찮지만, 알고 있어야 합니다.
- 그래서 한 컬럼만 달라져도 `false`가 되는 `result.passed`를 그대로 CI에 걸면 늘 빨간불입니다. 파이프라인은 드리프트 컬럼의 **비율**로 판정합니다. 명세의 임곗값은 0.3입니다.
- **`evidently` 모드는 빈 값의 변화를 보지 못합니다.** `device_age_days`는 온라인 결제에만 있으므로 온라인이 늘면 빈 값이 68 %에서 52 %로 줄어듭니다. 남은 값의 모양은
  그대로라서 Evidently는 "변화 없음"이라고 합니다.
- `passed`와 비율은 결과 객체에 있지만, 다른 도구와 주고받는 JSON에서는 `metrics` 안의 `DriftedColumnsCount`에서 꺼냅니다.

**생각해 볼 질문.** `account_age_days`처럼 늘 자라는 컬럼을 점검에서 빼는 것과 그대로 두는 것 가운데 어느 쪽이 나을까요?
*/

// %% example
// 빈 값의 비율: Evidently가 보지 못한 변화입니다.
const emptyShare = (from: Table, name: string) => {
  const { values } = numbersOf(from, name)
  return (100 * values.filter(Number.isNaN).length) / values.length
}
const oldest = (from: Table) => Math.max(...numbersOf(from, 'account_age_days').values)
const sides = [
  ['기준', COLORS.grey, 'reference'],
  ['현재', COLORS.vermilion, 'current'],
] as const
await show(
  chart({
    title: 'device_age_days의 빈 값',
    subtitle: '거래 가운데 값이 비어 있는 비율. 온라인 결제가 늘면 줄어듭니다',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: {
        type: 'category',
        name: '세계',
        nameLocation: 'middle',
        nameGap: 32,
        data: [...DRIFTS],
      },
      yAxis: { type: 'value', name: '빈 값(%)', min: 0, max: 100 },
      series: sides.map(([name, color, side]) => ({
        name,
        color,
        type: 'bar' as const,
        barMaxWidth: 44,
        data: DRIFTS.map((drift) => emptyShare(worlds[drift][side], 'device_age_days')),
      })),
    },
  }),
  table(
    ['세계', '기준에서 가장 오래된 계좌(일)', '현재에서 가장 오래된 계좌(일)'],
    DRIFTS.map((drift) => [drift, oldest(worlds[drift].reference), oldest(worlds[drift].current)]),
  ),
)

// %% exercise 3
/*
### 실습 3. 데이터 드리프트 리포트 생성

**할 일** 함수 두 개를 완성합니다.

1. `psiOf(reference, current)`: 구간별 **건수** 두 줄을 받아 PSI를 돌려줍니다. 양쪽의 전체 건수는 다를 수 있습니다.
   - 구간이 B개일 때 비율은 (건수 + 0.5) ÷ (전체 + 0.5 × B)로 구합니다.
2. `driftShareOf(dict)`: 리포트의 `dict()`에서 드리프트 컬럼의 비율을 꺼냅니다.
   - `metrics`에서 `metric_name`에 `DriftedColumnsCount`가 들어 있는 항목을 찾습니다. **첫 번째 항목이라고 믿지 마십시오.**
   - 그 항목의 `value`는 `{ count, share }`입니다. 없으면 `null`을 돌려줍니다.
   - 힌트: TypeScript에서는 `typeof value === 'object' && value !== null && 'share' in value`로 모양을 확인합니다.
*/

// %% todo 3
let psiOf: (reference: readonly number[], current: readonly number[]) => number = (
  reference,
  current,
) => {
  // TODO: 건수를 비율로 바꾸고(구간마다 반 건을 더해서), (r − c) × ln(r ÷ c)를 모두 더합니다.
  return TODO
}
let driftShareOf: (dict: ReportDict) => number | null = (dict) => {
  // TODO: DriftedColumnsCount를 찾아 value의 share를 돌려줍니다.
  return TODO
}

// %% solution 3
// 정답 3
psiOf = (reference, current) => {
  const shares = (counts: readonly number[]) =>
    counts.map((count) => (count + 0.5) / (total(counts) + 0.5 * counts.length))
  const [r, c] = [shares(reference), shares(current)]
  return r.reduce((sum, share, bin) => sum + (share - c[bin]!) * Math.log(share / c[bin]!), 0)
}
driftShareOf = ({ metrics }) => {
  const value = metrics.find((m) => m.metric_name.includes('DriftedColumnsCount'))?.value
  return typeof value === 'object' && value !== null && 'share' in value ? value.share : null
}
await show(
  table(
    ['기준(건)', '현재(건)', 'PSI'],
    [['500 · 300 · 200', '300 · 300 · 400', psiOf([500, 300, 200], [300, 300, 400])]],
  ),
)
table(
  ['세계', '드리프트 컬럼의 비율'],
  DRIFTS.map((drift) => [drift, driftShareOf(results[drift]!.fds.dict())]),
)

// %% mistake 3: 건수를 비율로 바꾸지
psiOf = (reference, current) =>
  reference.reduce((sum, r, bin) => sum + (r - current[bin]!) * Math.log(r / current[bin]!), 0)
driftShareOf = ({ metrics }) => metrics[0]!.value as number

// %% checkpoint 3
const trial = psiOf([500, 300, 200], [300, 300, 400])
assert(
  trial !== undefined,
  '체크포인트 3: psiOf가 아직 빈칸입니다. 구간마다 (r − c) ln(r ÷ c)를 구해 더하십시오.',
)
assert(
  Math.abs(psiOf([50, 30, 20], [500, 300, 200])) < 0.02,
  '체크포인트 3: 비율이 같은데 PSI가 큽니다. 건수를 비율로 바꾸지 않은 것은 아닌지 보십시오.',
)
assert(trial > 0, '체크포인트 3: PSI가 음수입니다. (r − c)와 ln(r ÷ c)의 순서를 보십시오.')
assert(
  Math.abs(trial - 0.2401) < 0.001,
  `체크포인트 3: 500·300·200과 300·300·400의 PSI는 0.240이어야 하는데 ${trial.toFixed(3)}입니다.`,
)
assert(
  Number.isFinite(psiOf([100, 0], [0, 100])),
  '체크포인트 3: 빈 구간에서 무한대가 나옵니다. 구간마다 반 건(0.5)을 더하십시오.',
)
for (const [reference, current] of [
  [
    [10, 20, 30, 40],
    [4, 3, 2, 1],
  ],
  [
    [7, 0, 5],
    [70, 10, 0],
  ],
] as const) {
  assert(
    Math.abs(psiOf(reference, current) - psiTest({ reference, current }).psi) < 1e-9,
    '체크포인트 3: 라이브러리의 psiTest와 다릅니다. 분모의 0.5 × B를 빠뜨리지 않았는지 보십시오.',
  )
}
const targetFirst = new Report([new ValueDrift({ column: 'hour' }), preset]).run(worlds.sudden)
assert(
  driftShareOf(targetFirst.dict()) !== undefined,
  '체크포인트 3: driftShareOf가 아직 빈칸입니다. dict의 metrics에서 DriftedColumnsCount를 찾으십시오.',
)
assert.equal(
  driftShareOf(targetFirst.dict()),
  targetFirst.driftShare,
  '체크포인트 3: 비율이 다릅니다. metrics의 첫 항목을 쓰지 않았는지, count가 아니라 share인지 보십시오.',
)
const noPreset = new Report([new ValueDrift({ column: 'hour' })]).run(worlds.none)
assert.equal(
  driftShareOf(noPreset.dict()),
  null,
  '체크포인트 3: DriftedColumnsCount가 없는 리포트에서는 null이어야 합니다.',
)
console.log(
  `✅ 체크포인트 3 통과: PSI를 손으로 구했고, sudden 세계의 비율은 ${percent(targetFirst.driftShare)}입니다.`,
)

// %% concept
/*
## 8. 타겟 드리프트

**왜 필요한가?** 입력이 그대로여도 사기율은 달라질 수 있습니다. 사기 조직이 한 달 사이에 두 배로 움직이면 사기율은 1 %에서 2 %가 됩니다. 검토 인력은 두 배가 필요하고, 1 %를
전제로 고른 임곗값은 더는 최적이 아닙니다. 그런데 이때 라벨의 **PSI는 0.007**입니다. 밴드는 "안정"입니다.

드리프트에는 세 가지가 있습니다.

| 이름 | 달라지는 것 | 언제 알 수 있는가 |
| --- | --- | --- |
| 데이터 드리프트(data drift) | 입력 P(x) | 바로 |
| 타겟 드리프트(target drift) | 사기율 P(y) | 라벨이 성숙한 뒤 |
| 개념 드리프트(concept drift) | 같은 입력의 뜻 P(y\|x) | 라벨이 성숙한 뒤, 성능으로 |

PSI가 드문 사건에 둔한 까닭은 계산해 보면 분명합니다. 사기 구간의 항은 (0.02 − 0.01) × ln 2 = 0.0069이고, 정상 구간의 항은 0.0001입니다. 비율의 **차이** 0.01이 앞에 곱해지기
때문입니다. 1 %인 타겟이 PSI 0.1을 넘으려면 사기율이 여섯 배를 넘어야 합니다. 그래서 드문 타겟은 두 비율의 검정(`z`)으로 봅니다.

**생각해 볼 질문.** 5절의 "p-값은 왜 소리치는가"를 떠올려 보십시오. z 검정만 쓰면 될까요?
*/

// %% example
// 기준 5만 건(사기 1 %), 현재 2만 5천 건에서 사기율만 몇 배로 바꿉니다.
const multiples = [1, 1.2, 1.5, 2, 3, 4, 5, 6, 7, 8]
const blindness = multiples.map((times) => {
  const frauds = Math.round(25_000 * 0.01 * times)
  const { psi } = psiTest({ reference: [49_500, 500], current: [25_000 - frauds, frauds] })
  const { pValue } = zTest({ count: 500, rows: 50_000 }, { count: frauds, rows: 25_000 })
  return { times, psi, pValue }
})
await show(
  chart({
    title: '사기율이 몇 배가 되어야 PSI가 알아차리는가',
    subtitle: '기준 사기율 1 %, 점선은 0.1',
    option: {
      grid: GRID,
      xAxis: { type: 'value', name: '사기율(배)', nameLocation: 'middle', nameGap: 32, min: 1 },
      yAxis: { type: 'value', name: 'PSI' },
      series: [
        {
          type: 'line',
          color: COLORS.blue,
          data: blindness.map(({ times, psi }) => [times, psi]),
          markLine: {
            symbol: 'none',
            silent: true,
            lineStyle: { color: COLORS.vermilion, type: 'dashed' },
            data: [{ yAxis: 0.1 }],
          },
        },
      ],
    },
  }),
)
table(
  ['사기율', 'PSI', 'PSI 밴드', 'z 검정의 p-값'],
  blindness.map(({ times, psi, pValue }) => [
    `${times} %`,
    psi,
    BAND_NAMES[psiBand(psi)],
    pValue < 0.0001 ? '0.0001 미만' : pValue,
  ]),
)

// %% concept
/*
## 9. 라벨은 늦게 옵니다

**왜 필요한가?** 오늘이 180일째라고 합시다. 어제 거래의 사기율을 세어 보니 0.1 %입니다. 기준은 1.05 %였으니 사기가 열 배 줄었을까요? 아닙니다. 고객은 청구서를 보고 나서야 신고합니다.
이 시뮬레이터에서 사기는 5~60일(평균 23일) 뒤에 알려지고, 아무 신고 없이 60일이 지나야 정상으로 봅니다.

흔한 잘못이 두 가지 있습니다.

- 신고가 없으면 정상(0)으로 셉니다 → 최근 사기율이 **너무 낮습니다**. 모델이 좋아진 것처럼 보입니다.
- 라벨이 알려진 거래만 셉니다 → 60일 안쪽에서는 사기만 알려져 있으므로 사기율이 **100 %**가 됩니다.

바른 방법은 **성숙(maturity)한 거래만** 세는 것입니다. 나이가 성숙 기간(horizon) 60일 이상인 거래는 사기든 정상이든 답이 나와 있습니다. 대신 최근 60일의 타겟은 알 수 없습니다.
그동안은 입력 드리프트가 유일한 신호입니다.

**생각해 볼 질문.** 성숙 기간을 60일에서 30일로 줄이면 무엇을 얻고 무엇을 잃을까요?
*/

// %% example
// 180일째에 서서, 15일씩 나눈 사기율을 세 가지로 셉니다.
const START = Date.UTC(2025, 0, 1) / 1000
const NOW = START + 180 * DAY
const HORIZON = 60 * DAY

// 오늘 보이는 라벨: 아직 알려지지 않은 사기는 0으로 보입니다.
const withLabels = (from: Table, values: Float64Array): Table => ({
  ...from,
  columns: from.columns.map((column) =>
    column.name === 'isFraud' ? { name: 'isFraud', kind: 'number', values } : column,
  ),
})
const asSeen = (data: SimulatedData, now: number): SimulatedData => {
  const labels = numbersOf(data.table, 'isFraud').values
  const seen = labels.map((label, row) => (data.labelTimes[row]! <= now ? label : 0))
  return { ...data, table: withLabels(data.table, seen) }
}
const rateByStretch = (from: Table) => {
  const [times, labels] = [numbersOf(from, 'transaction_time').values, labelsOf(from, 'isFraud')]
  const counts = Array.from({ length: 12 }, () => ({ rows: 0, frauds: 0 }))
  times.forEach((time, row) => {
    const stretch = counts[Math.floor((time - START) / (15 * DAY))]!
    stretch.rows++
    stretch.frauds += labels[row]!
  })
  return counts.map(({ rows, frauds }) => (100 * frauds) / rows)
}
const world = worlds.none.data
const seenToday = asSeen(world, NOW)
const points = (rates: readonly number[]) => rates.map((rate, at) => [15 * at + 7.5, rate])
const trueRates = rateByStretch(world.table)
const seenRates = rateByStretch(seenToday.table)
await show(
  chart({
    title: '180일째에 본 사기율',
    subtitle: 'none 세계, 15일씩, 회색 바탕은 아직 성숙하지 않은 최근 60일',
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: { type: 'value', name: '지난 날짜', nameLocation: 'middle', nameGap: 32, max: 180 },
      yAxis: { type: 'value', name: '사기율(%)', min: 0 },
      series: [
        {
          name: '나중에 밝혀질 사기율',
          type: 'line',
          color: COLORS.grey,
          lineStyle: { type: 'dashed' },
          data: points(trueRates),
        },
        {
          name: '오늘 보이는 사기율',
          type: 'line',
          color: COLORS.vermilion,
          data: points(seenRates),
          markArea: {
            silent: true,
            itemStyle: { color: '#8a8f9820' },
            data: [[{ xAxis: 120 }, { xAxis: 180 }]],
          },
        },
      ],
    },
  }),
)
// 성숙을 따지지 않은 점검: 앞 45 %와 뒤 25 %를 그대로 비교합니다.
const hasty = new Report([new ValueDrift({ column: 'isFraud', method: 'z' })]).run({
  reference: between(seenToday.table, 0, 0.45),
  current: between(seenToday.table, 0.75, 1),
})
table(
  ['점검', '기준 사기율', '현재 사기율', '판정'],
  [
    [
      '신고가 없으면 정상으로 셈',
      percent(rateOf(between(seenToday.table, 0, 0.45))),
      percent(rateOf(between(seenToday.table, 0.75, 1))),
      hasty.columns[0]!.drifted ? '드리프트(거짓 알림)' : '—',
    ],
  ],
)
function rateOf(part: Table): number {
  return labelsOf(part, 'isFraud').reduce((sum, label) => sum + label, 0) / part.rowCount
}

// %% exercise 4
/*
### 실습 4. 타겟 드리프트 분석

**할 일** `targetDrift(data, now)`를 완성합니다. `now`에 서서 사기율이 달라졌는지 바르게 판정합니다.

- 입력: `SimulatedData`(표 `data.table`이 있습니다), 지금 시각 `now`(초)
- 출력: `isFraud` 컬럼의 판정 `ColumnDrift`
- 기준: 시작(`START`)부터 90일까지의 거래
- 현재: 90일 이후의 거래 가운데 **나이가 60일(`HORIZON`) 이상**인 것(`now − time >= HORIZON`)
- 방법: 드문 타겟이므로 `new ValueDrift({ column: 'isFraud', method: 'z' })`
- 힌트: 실습 2처럼 행 번호를 골라 `selectRows`에 넘기고, 결과의 `columns[0]`을 돌려줍니다.
*/

// %% todo 4
let targetDrift: (data: SimulatedData, now: number) => ColumnDrift = ({ table: payments }, now) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  const middle = START + 90 * DAY
  // TODO: 기준은 middle 이전의 거래입니다.
  const reference: Table = TODO
  // TODO: 현재는 middle 이후이면서 나이가 HORIZON 이상인 거래입니다.
  const current: Table = TODO
  // TODO: isFraud를 z 방법으로 비교하는 Report를 실행하고 첫 컬럼의 판정을 돌려줍니다.
  return TODO
}

// %% solution 4
// 정답 4
targetDrift = ({ table: payments }, now) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  const middle = START + 90 * DAY
  const reference = selectRows(
    payments,
    rows.filter((row) => times[row]! < middle),
  )
  const current = selectRows(
    payments,
    rows.filter((row) => times[row]! >= middle && now - times[row]! >= HORIZON),
  )
  const report = new Report([new ValueDrift({ column: 'isFraud', method: 'z' })])
  return report.run({ reference, current }).columns[0]!
}
table(
  ['세계', 'z 검정의 p-값', '타겟 드리프트'],
  DRIFTS.map((drift) => {
    const { p_value, drifted } = targetDrift(asSeen(worlds[drift].data, NOW), NOW)
    return [drift, p_value, drifted ? '있음' : '없음']
  }),
)

// %% mistake 4: 아직 성숙하지 않은 거래
targetDrift = ({ table: payments }, now) => {
  const times = numbersOf(payments, 'transaction_time').values
  const rows = Int32Array.from(times.keys())
  const middle = START + 90 * DAY
  const reference = selectRows(
    payments,
    rows.filter((row) => times[row]! < middle),
  )
  const current = selectRows(
    payments,
    rows.filter((row) => times[row]! >= middle),
  )
  const report = new Report([new ValueDrift({ column: 'isFraud', method: 'z' })])
  return report.run({ reference, current }).columns[0]!
}

// %% checkpoint 4
// 90일 이후 정상 거래 가운데 백 건에 하나를 사기로 바꾸면 사기율이 약 두 배가 됩니다.
const doubled = (data: SimulatedData): SimulatedData => {
  const times = numbersOf(data.table, 'transaction_time').values
  const labels = numbersOf(data.table, 'isFraud').values
  const more = labels.map((label, row) =>
    label === 1 || (times[row]! >= START + 90 * DAY && row % 100 === 0) ? 1 : 0,
  )
  return { ...data, table: withLabels(data.table, more) }
}
assert(
  targetDrift(world, NOW) !== undefined,
  '체크포인트 4: targetDrift가 아직 빈칸입니다. Report를 실행하고 columns[0]을 돌려주십시오.',
)
assert.equal(
  targetDrift(world, NOW).name,
  'isFraud',
  '체크포인트 4: isFraud의 판정이 아닙니다. ValueDrift의 column을 보십시오.',
)
assert.equal(
  targetDrift(doubled(world), NOW).drifted,
  true,
  "체크포인트 4: 사기율이 두 배인데 알아차리지 못했습니다. method: 'z'를 주었는지 보십시오.",
)
for (const drift of DRIFTS) {
  assert.equal(
    targetDrift(asSeen(worlds[drift].data, NOW), NOW).drifted,
    false,
    '체크포인트 4: 거짓 알림입니다. 현재 창에 아직 성숙하지 않은 거래가 들어 있지 않은지 보십시오.',
  )
}
const later = NOW - 20 * DAY
assert.equal(
  targetDrift(asSeen(world, later), later).drifted,
  false,
  '체크포인트 4: 160일째에 서면 거짓 알림이 납니다. 나이를 고정된 날짜가 아니라 now에서 세는지 보십시오.',
)
console.log(
  '✅ 체크포인트 4 통과: 성숙한 거래만 세면 거짓 알림이 사라지고, 두 배가 된 사기율은 알아차립니다.',
)

// %% concept
/*
## 10. 입력도 타겟도 아닌 것: 개념 드리프트

**왜 필요한가?** 방금 `sudden` 세계의 사기율은 "드리프트 없음"이었습니다. 그러면 모델은 무사할까요? 사기 수법이 바뀌었습니다. 사기율은 여전히 1 %인데, 모델이 배운 사기와는 **다른 사기**입니다.
이런 변화는 입력의 분포에도, 사기율에도 드러나지 않을 수 있습니다. 라벨이 성숙한 뒤에 성능을 재야 보입니다.

**생각해 볼 질문.** 라벨이 60일 늦게 온다면, 개념 드리프트의 피해를 그 전에 줄일 방법이 있을까요?
*/

// %% example
// 처음 35 %로 배운 모델을 바로 다음 10 %와 마지막 25 %에서 잽니다.
const measured = DRIFTS.map((drift) => {
  const { data } = worlds[drift]
  const learned = between(data.table, 0, 0.35)
  const y = labelsOf(learned, 'isFraud')
  const { spec, matrix } = fitFeatures({ table: learned, labels: y, roles: SIMULATED_ROLES })
  const booster = trainBooster(
    { nEstimators: 150, maxDepth: 4, learningRate: 0.1, scalePosWeight: 20, minChildWeight: 5 },
    { x: matrix, y, featureNames: featureNames(spec) },
  )
  const parts = (
    [
      [0.35, 0.45],
      [0.75, 1],
    ] as const
  ).map(([from, to]) => {
    const part = between(data.table, from, to)
    const labels = labelsOf(part, 'isFraud')
    const scores = booster.predict(transformTable(spec, part))
    const frauds = data.patternCodes.slice(Math.round(from * 100_000), Math.round(to * 100_000))
    const byPattern = data.patterns.map((_, pattern) => {
      const rows = [...frauds.keys()].filter((row) => frauds[row] === pattern)
      return { rows: rows.length, caught: rows.filter((row) => scores[row]! >= 0.18).length }
    })
    return { auprc: averagePrecisionScore(labels, scores) as number, rate: rateOf(part), byPattern }
  })
  return { drift, spec, booster, before: parts[0]!, after: parts[1]! }
})
const sudden = measured[2]!
const mixOf = ({ byPattern }: typeof sudden.before) => {
  const all = total(byPattern.map(({ rows }) => rows))
  return byPattern.map(({ rows }) => (100 * rows) / all)
}
await show(
  table(
    ['세계', '사기율: 전', '사기율: 후', 'AUPRC: 전', 'AUPRC: 후'],
    measured.map(({ drift, before: past, after: recent }) => [
      drift,
      percent(past.rate),
      percent(recent.rate),
      past.auprc,
      recent.auprc,
    ]),
  ),
)
chart({
  title: '사기 수법의 비중',
  subtitle: 'sudden 세계, 사기율은 그대로지만 사기의 내용이 바뀌었습니다',
  option: {
    legend: LEGEND,
    grid: GRID,
    xAxis: {
      type: 'category',
      data: [...worlds.sudden.data.patterns],
      axisLabel: { interval: 0, fontSize: 10 },
    },
    yAxis: { type: 'value', name: '사기 중 비중(%)' },
    series: [
      { name: '전', type: 'bar', color: COLORS.grey, data: mixOf(sudden.before) },
      { name: '후', type: 'bar', color: COLORS.vermilion, data: mixOf(sudden.after) },
    ],
  },
})

// %% concept
/*
## 11. 리포트를 테스트로

**왜 필요한가?** 리포트는 사람이 열어야 쓸모가 있습니다. 새벽 3시에는 아무도 열지 않습니다. 원천 시스템이 `amount`를 빠뜨리고 보낸 밤, 리포트에는 빨간 글씨가 떴지만
파이프라인은 초록색이었고 모델은 다섯 시간 동안 금액 없이 판정했습니다. 기계가 읽고 **멈출 수 있는** 결과가 필요합니다.

Evidently 0.6의 `TestSuite`는 사라졌습니다. 0.7부터는 `include_tests=True`, 여기서는 `{ includeTests: true }`를 주면 `dict().tests`에 테스트가 담깁니다. 컬럼마다 하나, 그리고
드리프트 비율에 하나입니다. 테스트의 상태는 네 가지입니다.

| 상태 | 뜻 |
| --- | --- |
| `SUCCESS` | 드리프트가 아닙니다 |
| `FAIL` | 드리프트입니다 |
| `ERROR` | 비교할 수 없습니다: 컬럼이 사라졌거나 타입이 바뀌었습니다 |
| `SKIPPED` | 비교할 것이 없습니다 |

명세의 함수는 `status == 'FAIL'`만 세고, 하나라도 있으면 실패로 봅니다. 고칠 점이 두 가지 있습니다.

- `ERROR`를 세지 않으므로, 모든 컬럼이 사라져도 **통과**합니다. 가장 나쁜 고장이 가장 조용합니다.
- 아무 일 없는 세계에서도 `account_age_days` 하나 때문에 **늘 실패**합니다. 컬럼 하나하나가 아니라 비율로 판정해야 합니다.

이 시스템의 `runDriftMonitoring`은 "비율이 임곗값 미만이고, 사라지거나 타입이 바뀐 컬럼이 없음"을 통과로 봅니다.

**생각해 볼 질문.** 컬럼이 사라졌을 때 재학습을 자동으로 시작하면 어떤 모델이 만들어질까요?
*/

// %% example
// 네 번째 세계: 조용하지만 고장 났습니다. amount와 account_age_days가 사라지고 hour는 글자가 되었습니다.
const brokenCurrent: Table = {
  ...worlds.none.current,
  columns: worlds.none.current.columns
    .filter(({ name }) => name !== 'amount' && name !== 'account_age_days')
    .map((column) =>
      column.name === 'hour'
        ? {
            name: 'hour',
            kind: 'text',
            codes: new Int32Array(worlds.none.current.rowCount),
            categories: ['오전'],
          }
        : column,
    ),
}
const brokenResult = new Report([preset], { includeTests: true }).run({
  reference: worlds.none.reference,
  current: brokenCurrent,
})
const dicts: readonly (readonly [string, ReportDict])[] = [
  ...DRIFTS.map((drift) => [drift, results[drift]!.fds.dict()] as const),
  ['고장', brokenResult.dict()],
]
const STATUSES = ['SUCCESS', 'FAIL', 'ERROR'] as const
const countOf = ({ tests }: ReportDict, wanted: string) =>
  tests.filter(({ status }) => status === wanted).length
await show(
  chart({
    title: '테스트의 상태',
    subtitle: '컬럼마다 하나와 드리프트 비율에 하나, 모두 28개',
    height: 320,
    option: {
      legend: LEGEND,
      grid: { ...GRID, left: 84 },
      xAxis: { type: 'value', name: '테스트', nameLocation: 'middle', nameGap: 30, max: 28 },
      yAxis: { type: 'category', data: dicts.map(([name]) => name), inverse: true },
      series: STATUSES.map((status, at) => ({
        name: status,
        type: 'bar' as const,
        stack: 'all',
        color: [COLORS.green, COLORS.orange, COLORS.vermilion][at]!,
        data: dicts.map(([, dict]) => countOf(dict, status)),
      })),
    },
  }),
)
table(
  ['세계', 'FAIL', 'ERROR', '드리프트 비율', '명세의 판정(FAIL이 0)', '비율만 본 판정(< 0.3)'],
  dicts.map(([name, dict]) => [
    name,
    countOf(dict, 'FAIL'),
    countOf(dict, 'ERROR'),
    dict.drift_share,
    countOf(dict, 'FAIL') === 0 ? '통과' : '실패',
    dict.drift_share < 0.3 ? '통과' : '실패',
  ]),
)

// %% exercise 5
/*
### 실습 5. include_tests로 자동화 테스트

위 표에서 고장 난 세계는 **두 판정 모두 통과**합니다. 명세의 판정은 `ERROR`를 세지 않고, 비율은 27개 중 3개라 작기 때문입니다. 반대로 조용한 `none`은 명세의 판정에서 실패합니다.

**할 일** `gate(dict, maxShare)`를 완성합니다.

- 입력: `includeTests: true`인 리포트의 `dict()`, 드리프트 비율의 한계 `maxShare`
- 출력: `{ passed, broken }`
  - `broken`: 상태가 `ERROR`인 컬럼의 이름. 이름은 테스트의 `metric_config.params.column`에 있습니다.
  - `passed`: 비율(`dict.drift_share`)이 `maxShare` **미만**이고 `broken`이 비었으면 `true`
- 힌트: `String(test.metric_config.params['column'])`으로 글자로 바꿉니다.
*/

// %% todo 5
let gate: (dict: ReportDict, maxShare: number) => { passed: boolean; broken: string[] } = (
  dict,
  maxShare,
) => {
  // TODO: 상태가 ERROR인 테스트의 컬럼 이름을 모읍니다.
  const broken: string[] = TODO
  // TODO: 비율이 maxShare 미만이고 broken이 비었을 때만 통과합니다.
  const passed: boolean = TODO
  return { passed, broken }
}

// %% solution 5
// 정답 5
gate = (dict, maxShare) => {
  const broken = dict.tests
    .filter(({ status }) => status === 'ERROR')
    .map(({ metric_config }) => String(metric_config.params['column']))
  return { passed: dict.drift_share < maxShare && broken.length === 0, broken }
}
table(
  ['세계', '드리프트 비율', '비교할 수 없는 컬럼', '판정'],
  dicts.map(([name, dict]) => {
    const { passed, broken } = gate(dict, 0.3)
    return [name, dict.drift_share, broken.join(', ') || '없음', passed ? '통과' : '실패']
  }),
)

// %% mistake 5: ERROR인 테스트
gate = (dict, maxShare) => ({ passed: dict.drift_share < maxShare, broken: [] })

// %% checkpoint 5
const gated = Object.fromEntries(dicts.map(([name, dict]) => [name, gate(dict, 0.3)]))
assert(
  gated['none']?.passed !== undefined && gated['none'].broken !== undefined,
  '체크포인트 5: gate가 아직 빈칸입니다. passed와 broken을 모두 채우십시오.',
)
assert.equal(
  gated['none'].passed,
  true,
  '체크포인트 5: 조용한 세계가 막혔습니다. FAIL 하나가 아니라 drift_share로 판정하십시오.',
)
assert.deepEqual(
  [gated['gradual']?.passed, gated['sudden']?.passed],
  [false, false],
  '체크포인트 5: 드리프트가 있는 세계가 통과했습니다. drift_share와 maxShare의 비교를 보십시오.',
)
assert.equal(
  gated['고장']?.passed,
  false,
  '체크포인트 5: 컬럼이 사라졌는데 통과했습니다. ERROR인 테스트를 보지 않았습니다.',
)
assert.deepEqual(
  gated['고장'].broken.toSorted(),
  ['account_age_days', 'amount', 'hour'],
  '체크포인트 5: broken에는 amount, account_age_days, hour의 이름이 있어야 합니다. metric_config.params를 보십시오.',
)
const suddenDict = results['sudden']!.fds.dict()
assert.equal(
  gate(suddenDict, suddenDict.drift_share).passed,
  false,
  '체크포인트 5: 비율이 한계와 같으면 통과가 아닙니다. 미만(<)인지 보십시오.',
)
assert.equal(
  gate(suddenDict, 0.9).passed,
  true,
  '체크포인트 5: 한계를 0.9로 올렸는데도 막힙니다. maxShare를 쓰고 있는지 보십시오.',
)
console.log('✅ 체크포인트 5 통과: 조용한 세계는 통과하고, 드리프트와 고장은 막습니다.')

// %% concept
/*
## 12. 남기고, 알리고, 조치하기

**왜 필요한가?** 감사(audit)에서 "3월 첫 주에 모델이 정상이었다는 근거"를 물었습니다. 팀은 **실패한 날의** 리포트만 저장하고 있었습니다. 근거가 없다는 것과 점검하지 않았다는 것을
구별할 수 없었습니다. 통과한 날의 리포트도 증거입니다.

명세의 함수는 실패했을 때만 저장합니다. 이 시스템은 **늘 저장**하고 파일 이름으로 구별합니다.

| 결과 | 파일 |
| --- | --- |
| 통과 | `reports/drift_report_YYYYMMDD.html` |
| 실패 | `reports/drift_alert_YYYYMMDD.html` |

리포트는 HTML 파일 하나입니다. 외부 스크립트나 글꼴을 부르지 않으므로 메일로 보내도, 폐쇄망에서 열어도 같은 화면이 나옵니다.
맨 위에 판정과 조치가 있고, 그 아래에 **모델에 중요한 컬럼**부터 변화가 나옵니다.

대응은 3단계입니다: **알림 → 분석 → 조치.** 여기서 조치가 늘 재학습은 아닙니다.

| 원인(`cause`) | 조치 |
| --- | --- |
| `broken_data` | 데이터를 고칩니다. **재학습하지 않습니다** |
| `target_drift` | 재학습합니다 |
| `input_drift` | PSI 0.25를 넘은 입력이 중요도의 10 % 이상을 차지하면 재학습합니다 |
| `none` | 지켜봅니다 |

**생각해 볼 질문.** 크게 변한 컬럼이 모델에 거의 쓰이지 않는다면 재학습이 도움이 될까요?
*/

// %% example
// CI에서 부르는 함수 하나: 비교하고, 판정하고, 페이지를 씁니다. 날짜는 시계를 넘겨 고정합니다.
const inputsOnly = (part: Table): Table => ({
  ...part,
  columns: part.columns.filter(({ name }) => INPUTS.includes(name)),
})
const clock = () => Date.UTC(2025, 5, 30)
const checks: (readonly [string, DriftCheck])[] = []
for (const [name, reference, current] of [
  ...DRIFTS.map((drift) => [drift, worlds[drift].reference, worlds[drift].current] as const),
  ['고장', worlds.none.reference, brokenCurrent] as const,
]) {
  const check = await runDriftMonitoring(inputsOnly(reference), inputsOnly(current), {
    driftThreshold: 0.3,
    reportDir: join(home, 'library', name),
    now: clock,
  })
  checks.push([name, check])
}
await show(
  diagram({
    title: '점검 뒤에 일어나는 일',
    boxes: {
      check: [0, 0, 'fds drift', '기준과 현재를 비교'],
      pass: [1, 0, '종료 코드 0', 'drift_report_….html'],
      fail: [1, 1, '종료 코드 1', 'drift_alert_….html'],
      tell: [2, 1, '1. 알림', 'Slack, PagerDuty'],
      read: [2, 2, '2. 분석', 'HTML 리포트'],
      act: [1, 2, '3. 조치', 'fds retrain → 챌린저'],
      repair: [2, 3, '3. 조치', '데이터 복구'],
    },
    arrows: [
      ['check', 'pass', '통과'],
      ['check', 'fail', '실패'],
      ['fail', 'tell'],
      ['tell', 'read'],
      ['read', 'act', '드리프트'],
      ['read', 'repair', '고장'],
    ],
  }),
)
table(
  ['세계', '판정', '드리프트 비율', '파일'],
  checks.map(([name, { passed, driftShare, reportPath }]) => [
    name,
    passed ? '통과' : '실패',
    driftShare,
    basename(reportPath),
  ]),
)

// %% example
// 조치 권고: 컬럼의 변화를 모델의 중요도로 저울질합니다. 모델은 10절에서 sudden 세계의 앞부분으로 배웠습니다.
const gains = sudden.booster.importance('total_gain')
const importance: Record<string, number> = {}
for (const { name, input } of sudden.spec.features)
  importance[input] = (importance[input] ?? 0) + (gains[name] ?? 0)
const causes = {
  broken_data: '고장',
  target_drift: '타겟',
  input_drift: '입력',
  none: '없음',
} as const
const adviceRows = (
  [
    ['none', results['none']!.fds],
    ['gradual', results['gradual']!.fds],
    ['sudden', results['sudden']!.fds],
    ['고장', brokenResult],
  ] as const
).map(([name, result]) => {
  const advice = adviseRetraining(result, { importance })
  return [
    name,
    causes[advice.cause],
    advice.retrain ? '재학습' : advice.cause === 'broken_data' ? '데이터 복구' : '지켜봄',
    percent(advice.weight),
  ]
})
const weights = INPUTS.map((name) => importance[name] ?? 0)
const weighed = results['sudden']!.fds.columns.map(({ name, psi }) => ({
  name,
  value: [psi ?? 0, (100 * (importance[name] ?? 0)) / total(weights)] as const,
}))
await show(
  chart({
    title: '변화와 중요도',
    subtitle: 'sudden 세계의 컬럼, 오른쪽 위로 갈수록 급합니다, 점선은 PSI 0.25',
    option: {
      grid: { ...GRID, right: 90 },
      xAxis: { type: 'value', name: 'PSI', nameLocation: 'middle', nameGap: 32, max: 0.4 },
      yAxis: { type: 'value', name: '중요도(%)' },
      series: [
        {
          type: 'scatter',
          color: COLORS.blue,
          data: weighed.map(({ name, value: [psi, weight] }) => ({
            name,
            value: [psi, weight],
            label: {
              show: psi > 0.3 || weight > 7.5,
              formatter: name,
              position: psi > 0.3 ? 'top' : 'right',
            },
          })),
          markLine: {
            symbol: 'none',
            silent: true,
            label: { show: false },
            lineStyle: { color: COLORS.vermilion, type: 'dashed' },
            data: [{ xAxis: 0.25 }],
          },
        },
      ],
    },
  }),
)
table(['세계', '원인', '조치', '크게 변한 입력의 중요도'], adviceRows)

// %% exercise 6
/*
### 실습 6. HTML 리포트 저장

**할 일** `monitor(reference, current, day)`를 완성합니다. `runDriftMonitoring`을 부르지 말고 직접 만듭니다.

- 입력: 두 표, 날짜 `day`(예: `'20250630'`)
- 출력: `{ passed, driftShare, reportPath }`
- 리포트: `new Report([new DataDriftPreset()], { includeTests: true })`
- 통과: 비율이 0.3 미만이고, `status`가 `'vanished'`나 `'type_changed'`인 컬럼이 없음
- 저장: **통과하든 실패하든** 늘 저장합니다. 통과하면 `drift_report_날짜.html`, 아니면 `drift_alert_날짜.html`, 폴더는 `join(home, 'reports')`
- 한국어로 열리게 합니다: `saveHtml(path, { lang: 'ko' })`
- 힌트: `saveHtml`은 `Promise`를 돌려줍니다. `await`를 잊으면 파일이 아직 없을 수 있습니다.
*/

// %% todo 6
let monitor: (reference: Table, current: Table, day: string) => Promise<DriftCheck> = async (
  reference,
  current,
  day,
) => {
  // TODO: 리포트를 실행합니다.
  // TODO: 비율과 컬럼의 status로 passed를 정합니다.
  // TODO: passed에 맞는 이름으로 reportPath를 만들고, 한국어로 저장합니다.
  return TODO
}

// %% solution 6
// 정답 6
monitor = async (reference, current, day) => {
  const report = new Report([new DataDriftPreset()], { includeTests: true })
  const result = report.run({ reference, current })
  const broken = result.columns.filter(
    ({ status }) => status === 'vanished' || status === 'type_changed',
  )
  const passed = result.driftShare < 0.3 && broken.length === 0
  const reportPath = join(home, 'reports', `drift_${passed ? 'report' : 'alert'}_${day}.html`)
  await result.saveHtml(reportPath, { lang: 'ko' })
  return { passed, driftShare: result.driftShare, reportPath }
}
const saved = await monitor(
  inputsOnly(worlds.sudden.reference),
  inputsOnly(worlds.sudden.current),
  '20250630',
)
const page = readFileSync(saved.reportPath, 'utf8')
table(
  ['무엇을', '값'],
  [
    ['파일', basename(saved.reportPath)],
    ['판정', saved.passed ? '통과' : '실패'],
    ['드리프트 비율', saved.driftShare],
    ['여는 언어', /<html lang="(\w+)"/.exec(page)?.[1]],
    ['바깥에서 불러오는 파일', [...page.matchAll(/(?:src|href)="https?:/g)].length],
  ],
)

// %% mistake 6: 통과한 날에도
monitor = async (reference, current, day) => {
  const report = new Report([new DataDriftPreset()], { includeTests: true })
  const result = report.run({ reference, current })
  const broken = result.columns.filter(
    ({ status }) => status === 'vanished' || status === 'type_changed',
  )
  const passed = result.driftShare < 0.3 && broken.length === 0
  const reportPath = join(home, 'reports', `drift_${passed ? 'report' : 'alert'}_${day}.html`)
  if (!passed) await result.saveHtml(reportPath, { lang: 'ko' })
  return { passed, driftShare: result.driftShare, reportPath }
}

// %% checkpoint 6
for (const [name, { passed, driftShare, reportPath: path }] of checks) {
  const from = name === '고장' ? 'none' : (name as (typeof DRIFTS)[number])
  const recent = name === '고장' ? brokenCurrent : worlds[from].current
  const mine = await monitor(inputsOnly(worlds[from].reference), inputsOnly(recent), '20250630')
  assert(
    mine?.reportPath !== undefined,
    '체크포인트 6: monitor가 아직 빈칸입니다. passed, driftShare, reportPath를 돌려주십시오.',
  )
  assert.equal(
    mine.driftShare,
    driftShare,
    `체크포인트 6: ${name}의 비율이 다릅니다. DataDriftPreset으로 모든 컬럼을 보았는지 확인하십시오.`,
  )
  assert.equal(
    mine.passed,
    passed,
    `체크포인트 6: ${name}의 판정이 다릅니다. 비율 0.3과 사라지거나 타입이 바뀐 컬럼을 보십시오.`,
  )
  assert.equal(
    basename(mine.reportPath),
    basename(path),
    `체크포인트 6: ${name}의 파일 이름이 다릅니다. 통과는 drift_report, 실패는 drift_alert입니다.`,
  )
  assert(
    existsSync(mine.reportPath),
    `체크포인트 6: ${name}의 파일이 없습니다. 통과한 날에도 저장하는지, await를 썼는지 보십시오.`,
  )
  const written = readFileSync(mine.reportPath, 'utf8')
  assert(
    written.startsWith('<!doctype html>') && written.includes('<html lang="ko"'),
    "체크포인트 6: 한국어로 여는 HTML이 아닙니다. saveHtml에 { lang: 'ko' }를 넘기십시오.",
  )
}
console.log(
  '✅ 체크포인트 6 통과: 네 세계의 리포트가 저장되었고, 판정이 runDriftMonitoring과 같습니다.',
)

// %% summary
/*
## 정리

- 드리프트 점검은 **없어도 조용합니다**. 점검이 돌았다는 흔적(통과한 날의 리포트, 종료 코드)을 남겨야 합니다.
- 기준과 현재는 **시각으로** 나누고 겹치지 않게 합니다.
- PSI는 크기를, p-값은 우연인지를 답합니다. 둘 다 필요하고, 컬럼이 많으면 보정해야 합니다.
- 드문 타겟에는 PSI가 둔합니다. 사기율이 두 배여도 0.007입니다. 비율 검정으로 보되 **성숙한 라벨만** 셉니다.
- 테스트는 `FAIL`만 세지 말고 `ERROR`도 봅니다. 사라진 컬럼 세 개가 명세의 판정을 통과했습니다.
- 고장 난 데이터로는 재학습하지 않습니다. 조치는 변화와 모델의 중요도를 함께 보고 정합니다.

### 생각해 볼 질문의 답

1. **점검 작업에 남길 것**: 통과한 날에도 리포트를 저장하고, 작업의 성공 여부를 따로 감시합니다. `fds drift`는 비교하지 못하면 종료 코드 2로 끝나므로 스케줄러가 알아차립니다.
2. **990건에서 1,010건이 되는 날**: `evidently` 모드는 p-값(임곗값 0.05, 작을수록 드리프트)에서 거리(임곗값 0.1, 클수록 드리프트)로 바뀝니다. 데이터가 같아도 판정이 뒤집힐 수 있습니다.
3. **기준을 매달 옮기면**: 한 달치 변화는 늘 작습니다. 여섯 달을 합치면 두 배여도 한 칸씩은 통과합니다. 기준은 챔피언이 배운 데이터에 고정하고, 챔피언을 바꿀 때 함께 바꿉니다.
4. **현재로 구간을 나누면**: 잴 때마다 자가 바뀝니다. 지난주의 0.12와 이번 주의 0.12를 비교할 수 없고, 모델과 함께 저장해 둘 수도 없습니다.
5. **100건씩의 PSI**: 변화가 없을 때 기댓값은 대략 (구간 수 − 1) × (1/n + 1/m) = 9 × 0.02 = 0.18입니다. 표의 0.2125는 우연입니다.
6. **보정과 놓침**: 보정하면 작은 변화는 더 놓칩니다. 그러나 10만 건에서 의미 있는 변화의 p-값은 0에 가까워서 잃는 것이 거의 없습니다. 건수가 적을 때는 창을 늘리는 편이 낫습니다.
7. **늘 자라는 컬럼**: 그대로 두는 편이 낫습니다. 빼면 그 컬럼이 사라지거나 타입이 바뀌는 고장도 못 봅니다. 비율로 판정하면 한 컬럼은 파이프라인을 막지 않습니다. 더 나은 방법은 피처를 바꾸는 것입니다.
8. **z 검정만 쓰면**: 건수가 많으면 사기율 1.00 %와 1.05 %도 구별합니다. 알아차린 다음에는 그 차이가 비용으로 얼마인지 따져야 합니다.
9. **성숙 기간 30일**: 30일 더 최근을 볼 수 있지만, 30일 뒤에 알려지는 사기를 정상으로 셉니다. 기준도 똑같이 30일 시점의 라벨로 세면 비교는 공정해집니다.
10. **라벨이 오기 전에**: 입력 드리프트와 점수 분포를 보고, 조사원이 일부를 바로 확인하게 해서 빠른 라벨을 만듭니다. 챌린저를 자주 학습해 두고 섀도로 채점하는 것도 방법입니다.
11. **컬럼이 사라졌을 때의 재학습**: 금액을 모르는 모델이 만들어집니다. 데이터가 돌아오면 그 모델이 오히려 낡은 모델입니다. 그래서 `broken_data`는 재학습을 막습니다.
12. **쓰이지 않는 컬럼의 변화**: 거의 도움이 되지 않습니다. 예제에서 `limit_use`는 PSI가 가장 컸지만 중요도는 약 1 %였습니다. 급한 쪽은 중요도가 약 27 %인 `amount`입니다.

### 면접 포인트

**Q: "PSI를 왜 사용했나요?"**

> "PSI는 신용평가에서 오래 쓴 지표라 기준이 명확합니다. 0.1 미만은 유지, 0.25까지는 모니터링 강화, 그 위는 재학습 검토입니다. 숫자와 범주를 같은 단위로 재므로 컬럼끼리 비교할 수
> 있고, 구간별 건수만 있으면 되니 학습 데이터 없이 모델과 함께 저장한 프로파일로도 계산합니다. 다만 PSI는 건수를 모릅니다. 100건씩 비교하면 같은 분포도 0.21이 나왔습니다. 그래서 저희는
> 표본의 흔들림을 감안해도 0.1을 넘고, 다중 검정 보정을 거쳐도 우연이 아닐 때만 드리프트로 판정합니다."

코드: [psi.ts](../../src/monitoring/drift/psi.ts), [psi-band.ts](../../src/monitoring/drift/psi-band.ts), [judge-columns.ts](../../src/monitoring/drift/judge-columns.ts).
감독기관의 지침을 근거로 들고 싶다면 그 문서를 직접 읽고 조항까지 말할 수 있을 때만 언급하십시오.

**Q: "드리프트가 감지되면 어떻게 대응하나요?"**

> "알림, 분석, 조치의 3단계입니다. `fds drift`가 종료 코드 1로 끝나면서 Slack과 PagerDuty로 알립니다. 담당자는 HTML 리포트에서 중요도가 큰 컬럼부터 봅니다. 조치는 원인에 따라 다릅니다.
> 컬럼이 사라졌거나 타입이 바뀌었으면 데이터를 고치고, 재학습은 막습니다. 타겟이 변했거나 크게 변한 입력이 중요도의 10 % 이상이면 `fds retrain`으로 챌린저를 만듭니다. 챌린저는 AUC와 비용
> 게이트를 통과해야 등록되고, 승격은 A/B 테스트를 거쳐 사람이 결정합니다. 자동으로 승격하지 않습니다."

코드: [retrain-advice.ts](../../src/monitoring/drift/retrain-advice.ts), [alert.ts](../../src/pipeline/alert.ts), [retrain.ts](../../src/pipeline/retrain.ts).

**Q: "거래가 수십만 건인데 p-값으로 드리프트를 판정하면 안 되나요?"**

> "p-값만으로는 안 됩니다. 가격을 3 %만 올려도 5만 건에서는 p-값이 0.0001보다 작았지만 PSI는 0.002였습니다. 게다가 컬럼 447개를 5 %로 검정하면 날마다 22개가 거짓으로 걸립니다. 그래서 크기와 우연을
> 따로 보고 벤야미니–호크베르크 보정을 합니다. 변화가 없는 데이터로 리포트 500개를 만들어 재 보니, p-값 5 % 미만인 컬럼은 4.5 %였지만 드리프트 컬럼이 나온 리포트는 0.4 %였습니다."

코드: [benjamini-hochberg.ts](../../src/monitoring/drift/benjamini-hochberg.ts), [change-test.ts](../../src/monitoring/drift/change-test.ts), 측정값은 [numbers.md](../../docs/numbers.md).

**Q: "드리프트 리포트가 조용하면 모델은 괜찮은 건가요?"**

> "아닙니다. 사기 수법이 바뀐 세계에서 사기율은 그대로 1 %였지만 AUPRC는 0.60에서 0.26으로 떨어졌습니다. 점진적인 세계에서는 어느 입력도 PSI 0.25를 넘지 않아 조치 권고가 '지켜봄'이었는데 AUPRC는 0.51에서
> 0.31이 되었습니다. 드리프트는 라벨이 없을 때 쓰는 이른 신호이고, 라벨이 성숙하면 성능을 직접 재야 합니다."

코드: [evaluate-model.ts](../../src/pipeline/evaluate-model.ts), [simulator-fraud.ts](../../src/data/simulator-fraud.ts).

**Q: "라벨이 두 달 뒤에 오는데 타겟 드리프트를 어떻게 보나요?"**

> "성숙 기간 60일이 지난 거래만 셉니다. 신고가 없다고 정상으로 세면 최근 45일의 사기율이 0.40 %로 보여 거짓 알림이 납니다. 성숙한 거래만 세면 세 세계 모두 차이가 없다고 나옵니다. 또 사기율이 1 %일 때는 PSI가 둔해서 여섯 배를
> 넘어야 0.1이 되므로, 타겟은 두 비율의 z 검정으로 봅니다."

코드: [z-test.ts](../../src/monitoring/drift/z-test.ts), [simulator-labels.ts](../../src/data/simulator-labels.ts).

**Q: "Evidently를 그대로 쓰지 않은 이유는 무엇인가요?"**

> "같은 숫자를 내는 모드는 남겨 두었습니다. 0.7.23의 리포트와 나란히 돌려 보고 옮길 수 있습니다. 기본 판정을 따로 만든 이유는 세 가지입니다. 기준이 1,000건을 넘는 순간 방법이 바뀌고, 빈 값의 변화를 보지 못하고, 빈 값이 섞인
> 참·거짓 컬럼은 비교하지 못합니다. sudden 세계에서 저희는 27개 중 13개를, Evidently는 26개 중 6개를 찾았습니다. 447개 컬럼, 10만 건끼리의 비교는 3초이고, 프로세서 시간은 Evidently가 78배 더 씁니다."

코드: [report-evidently.ts](../../src/monitoring/report/report-evidently.ts), [evidently-methods.ts](../../src/monitoring/drift/evidently-methods.ts), [run-drift-monitoring.ts](../../src/monitoring/report/run-drift-monitoring.ts).

### 다음으로

드리프트를 알아차렸고 재학습도 했습니다. 이제 그 모델이 **얼마를 아껴 주는지**, 어떤 임곗값에서 쓸지 정할 차례입니다: [2-4. 비용과 CI/CD](2-4_cost_cicd.ipynb)
*/
