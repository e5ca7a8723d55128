// %% title
/*
# 2-6. Prometheus와 Grafana

**학습 목표.** 이 노트북을 마치면 다음을 할 수 있습니다.

- 카운터, 게이지, 히스토그램을 물음에 맞게 고르고, 히스토그램의 경계를 목표 지연 시간에 맞춥니다.
- 레이블이 시계열을 몇 개 만드는지 미리 계산하고, 넣으면 안 되는 레이블을 가려냅니다.
- Fastify 훅으로 모든 요청을 빠짐없이 세고, `/predict`에 비즈니스 메트릭을 더합니다.
- Prometheus와 Grafana를 띄우는 Compose 파일을 쓰고, 왜 그렇게 썼는지 설명합니다.
- `rate`, `sum by`, `histogram_quantile`을 손으로 계산하고, 대시보드와 알림 규칙을 읽고 씁니다.

**걸리는 시간.** 읽고 푸는 데 60~90분, 전체 실행은 1분 안쪽입니다.

**알아야 할 것.** TypeScript의 `async`/`await`와 HTTP 상태 코드를 알면 됩니다. 앞 노트북의 결과물은 쓰지 않습니다. Docker도 필요
없습니다. `prometheus` 프로그램이 있으면 이 노트북이 직접 띄워서 묻고, 없으면 `/metrics`의 텍스트를 읽어 같은 답을 계산합니다.

**쓰는 법.** 개념과 예제를 읽고 TODO 셀의 빈칸을 채웁니다 → 체크포인트를 실행합니다 → 막히면 접혀 있는 정답을 펼칩니다.
*/

// %% imports
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep, setImmediate as tick } from 'node:timers/promises'
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import fastify, { type FastifyInstance } from 'fastify'
import {
  createRowTransformer,
  DEFAULT_POLICY,
  featureNames,
  RISK_LEVELS,
  type RiskLevel,
  riskLevel,
  SIMULATED_ROLES,
  type Transaction,
  tableRows,
  trainBooster,
} from 'fds-system'
import { parse } from 'yaml'
import { ensureChampion } from '../../src/pipeline/first-champion.ts'
import { counter, gauge, histogram, METRICS } from '../../src/serving/telemetry/metrics.ts'
import { courseHome, courseService, TODO } from '../lib/course.ts'
import { dashboardPicture, type PlannedPanel } from '../lib/dashboard-picture.ts'
import { diagram } from '../lib/diagram.ts'
import { startPrometheus } from '../lib/live-prometheus.ts'
import { between, coursePayments } from '../lib/payments.ts'
import { plot } from '../lib/plot.ts'
import { parseSamples, pick, type Sample, sumBy, sumOf } from '../lib/samples.ts'
import { chart, show, table } from '../lib/show.ts'

// %% concept
/*
## 1. 카운터, 게이지, 히스토그램

**왜 필요한가?** 금요일 18시에 제휴사가 앱을 배포했습니다. 거리를 km로 보내던 필드에 이제 m가 들어옵니다. API는 모두 200으로
답하고 지연 시간도 그대로입니다. 그런데 사람이 확인해야 하는 거래가 네 배로 늘었습니다. 시간당 2만 건이면 월요일 9시까지 63시간, 126만 건이
잘못된 점수로 판정됩니다. 로그 126만 줄에 다 남아 있지만 그 줄을 읽는 사람은 없습니다. 등급별 개수라는 **숫자 네 개**만 세고 있었다면 5분 만에 압니다.

메트릭(metric)은 이름과 레이블(label)이 붙은 숫자입니다. 프로그램은 세기만 하고, Prometheus가 15초마다 가져갑니다.

| 종류 | 무엇인가 | 예 | 물을 수 있는 것 |
| --- | --- | --- | --- |
| 카운터(Counter) | 늘기만 하는 수 | 요청 수, 판정 수 | 초당 몇 건인가, 실패는 몇 %인가 |
| 게이지(Gauge) | 오르내리는 수 | 처리 중인 요청, 모델 로드 시간 | 지금 몇인가 |
| 히스토그램(Histogram) | 구간별로 센 수 | 지연 시간, 사기 확률 | 99 %는 얼마 안에 끝나는가 |

무엇을 셀지는 세 층(tier)으로 나눕니다. **1층 요청**(총 수, 지연, 에러), **2층 비즈니스**(위험 등급, 확률 분포), **3층 시스템**(모델
로드, 처리 중인 요청). 위의 사고는 1층에서는 보이지 않고 2층에서만 보입니다.

**생각해 볼 질문.** "지난 1분 동안의 요청 수"를 게이지로 내보내면, 15초마다 가져가는 Prometheus는 무엇을 잃을까요?
*/

// %% example
// 결제 여덟 건으로 세 종류를 모두 만들어 봅니다.
const demo = new Registry()
const registers = [demo]
const paid = new Counter({
  name: 'demo_payments_total',
  help: '처리한 결제 수',
  labelNames: ['result'],
  registers,
})
const waiting = new Gauge({ name: 'demo_waiting', help: '지금 기다리는 결제 수', registers })
const edges = [0.05, 0.1, 0.2, 0.5]
const took = new Histogram({
  name: 'demo_seconds',
  help: '결제 한 건에 걸린 초',
  buckets: edges,
  registers,
})
for (const seconds of [0.01, 0.02, 0.03, 0.04, 0.07, 0.09, 0.12, 0.3]) {
  waiting.inc()
  took.observe(seconds)
  paid.inc({ result: seconds > 0.2 ? 'slow' : 'ok' })
  waiting.dec()
}
// Prometheus가 가져가는 텍스트입니다. le는 "이 값 이하"(less or equal)라는 뜻이고, 개수는 누적입니다.
console.log(await demo.metrics())

const cumulative = pick(parseSamples(await demo.metrics()), 'demo_seconds_bucket')
const heights = cumulative.map(({ value }) => value)
const own = heights.map((height, at) => height - (heights[at - 1] ?? 0))
plot({
  title: '히스토그램은 경계 이하의 개수를 누적해서 셉니다',
  subtitle: '결제 여덟 건. 구간별 개수 4, 2, 1, 1, 0을 왼쪽부터 더하면 4, 6, 7, 8, 8입니다',
  x: '경계 (초)',
  places: cumulative.map(({ labels }) => labels['le']!),
  y: ['개수', 0, 10],
  series: [
    { name: '이 구간에 든 개수', color: '#56b4e9', bars: own, words: own },
    { name: 'le 누적 개수', color: '#0072b2', bars: heights, words: heights },
  ],
})

// %% concept
/*
## 2. 분위수는 경계 사이에서 어림한 값입니다

**왜 필요한가?** 목표는 p99 200 ms입니다. 모든 요청이 정확히 110 ms에 끝나는, 아무 문제 없는 새벽 3시에 담당자의 전화가 울립니다.
"p99가 248 ms입니다." 지연 시간은 늘지 않았습니다. 명세의 히스토그램 경계 `[0.01, 0.05, 0.1, 0.25, 0.5, 1.0]`에 **0.2가
없었을 뿐입니다.**

히스토그램은 110 ms라는 값을 잊습니다. "0.1 초과 0.25 이하가 100건"만 남습니다. `histogram_quantile`은 그 안에 값이 고르게
퍼져 있다고 보고 직선을 긋습니다(선형 보간).

- 순위 = 0.99 × 100 = 99번째 요청은 0.1과 0.25 사이 어딘가입니다.
- 0.1 + (0.25 − 0.1) × (99 − 0) / 100 = **0.2485초**입니다.

그래서 규칙은 하나입니다. **목표로 삼은 값은 반드시 경계여야 합니다.** 이 시스템의 `fds_latency_seconds`는 경계가 열한 개이고
0.2가 그중 하나입니다. 아래쪽은 1 ms부터 시작합니다. 판정이 실제로 1 ms 안팎에 끝나기 때문입니다.

**생각해 볼 질문.** 경계를 1,000개로 늘리면 분위수는 정확해지는데, 왜 그렇게 하지 않을까요?
*/

// %% example
type Buckets = readonly (readonly [le: number, count: number])[]

/** Prometheus의 histogram_quantile과 같은 계산입니다. 개수는 누적입니다. */
function quantileOf(q: number, buckets: Buckets): number {
  const rank = q * buckets.at(-1)![1]
  const at = buckets.findIndex(([, count]) => count >= rank)
  const [upper, count] = buckets[at]!
  // 마지막 경계를 넘으면 더 알 수 없으므로 마지막 경계를 답합니다
  if (upper === Number.POSITIVE_INFINITY) return buckets.at(-2)![0]
  const [lower, below] = buckets[at - 1] ?? [0, 0]
  return lower + ((upper - lower) * (rank - below)) / (count - below)
}

function count(seconds: readonly number[], limits: readonly number[]): Buckets {
  return [...limits, Number.POSITIVE_INFINITY].map((le) => [
    le,
    seconds.filter((second) => second <= le).length,
  ])
}

const SPECIFIED = [0.01, 0.05, 0.1, 0.25, 0.5, 1]
const OURS = METRICS.fds_latency_seconds.buckets
const calm = Array<number>(100).fill(0.11) // 모두 110 ms: 정상
const slow = [...Array<number>(98).fill(0.11), 0.24, 0.24] // 두 건이 240 ms: 목표 위반
await show(
  table(
    ['요청 100건', '명세 경계의 p99(초)', '0.2가 있는 경계의 p99(초)', '0.2초를 넘은 요청'],
    [
      [
        '모두 110 ms',
        quantileOf(0.99, count(calm, SPECIFIED)),
        quantileOf(0.99, count(calm, OURS)),
        0,
      ],
      [
        '두 건만 240 ms',
        quantileOf(0.99, count(slow, SPECIFIED)),
        quantileOf(0.99, count(slow, OURS)),
        2,
      ],
    ],
  ),
)
// 경계 사이에 그은 직선이 99번째 요청의 높이와 만나는 곳이 p99입니다
const grid = Array.from({ length: 17 }, (_, at) => 100 + 10 * at)
const risingTo = (edge: number) =>
  grid.map((ms) => Math.min(100, (100 * (ms - 100)) / (edge - 100)))
plot({
  title: '0.2가 경계에 없으면 p99가 248.5 ms로 보입니다',
  subtitle: '모두 110 ms인 요청 100건. 99번째 높이의 점선과 만나는 곳이 p99입니다',
  x: '지연 시간 (ms)',
  places: grid.map(String),
  y: ['누적 개수', 0, 120],
  series: [
    { name: '명세: 0.1 다음이 0.25', line: risingTo(250), color: '#d55e00' },
    { name: '여기: 0.1 다음이 0.2', line: risingTo(200), color: '#0072b2' },
  ],
  marks: { '99번째': 99 },
})

// %% concept
/*
## 3. 카디널리티: 레이블이 시계열을 곱합니다

**왜 필요한가?** "어느 거래가 느린지 보자"며 `transaction_id`를 레이블에 넣었습니다. 첫날은 잘 보입니다. 하루 2만 건씩 한 달이 지나자
시계열이 60만 × 14개가 되고, Prometheus는 메모리가 모자라 죽습니다. 알림도 함께 죽으니 아무도 모릅니다.

레이블 값의 조합 하나가 시계열(time series) 하나입니다. 그 수를 카디널리티(cardinality)라고 합니다. 레이블끼리는 **곱해지고**,
히스토그램은 거기에 다시 (경계 + 3)을 곱합니다. `+Inf`, `_sum`, `_count`가 더 있기 때문입니다. 경계가 열한 개면 14배입니다.

| 넣어도 되는 레이블 | 넣으면 안 되는 레이블 |
| --- | --- |
| 닫힌 목록: 위험 등급 4개, 그룹 2개, 상태 코드 | 거래 번호, 고객, 카드, 가맹점 |
| 라우트 패턴: `/decisions/:transaction_id` | 실제 경로: `/decisions/t-1`, `/decisions/t-2` … |
| 우리가 정한 원인: `event_loop`, `log_queue` | 호출자가 쓴 글자, 오류 메시지 |

기준은 한 문장입니다. **호출자가 마음대로 만들 수 있는 값은 레이블이 아닙니다.** 개별 거래는 로그와 판정 기록에서 찾습니다. 이 시스템은
레이블마다 값의 최대 개수를 코드에 적어 두고([label-bounds.ts](../../src/serving/telemetry/label-bounds.ts)), 온갖 값을 보내도
시계열이 2,000개를 넘지 않는지 테스트합니다.

**생각해 볼 질문.** 개인정보 관점에서도 `customer_id` 레이블이 문제인 까닭은 무엇일까요?
*/

// %% example
const payments = coursePayments()
const allRows = (['train', 'valid', 'test'] as const).flatMap((part) => [
  ...tableRows(payments[part].table),
])
// 지연 시간 히스토그램에 이 레이블을 하나 더 붙였을 때의 시계열 수
const perChild = OURS.length + 3
const series = ['channel', 'category', 'merchant_id', 'customer_id', 'transaction_id'].map(
  (label) => {
    const values = new Set(allRows.map((row) => row[label])).size
    return [label, values, values * perChild] as const
  },
)
await show(table(['레이블', '서로 다른 값', `시계열 (× ${perChild})`], series))
chart({
  title: '레이블 하나가 만드는 시계열의 수',
  subtitle: '거래 10만 건, 지연 시간 히스토그램 하나. 가로축은 로그 눈금입니다',
  option: {
    grid: { top: 76, left: 120, right: 90, bottom: 56 },
    xAxis: { type: 'log', name: '시계열 수', nameLocation: 'middle', nameGap: 30, min: 10 },
    yAxis: { type: 'category', data: series.map(([label]) => label), inverse: true },
    series: [
      {
        type: 'bar',
        data: series.map(([, , count]) => ({
          value: count,
          itemStyle: { color: count > 2000 ? '#d55e00' : '#0072b2' },
        })),
        label: {
          show: true,
          position: 'right',
          formatter: ({ value }) => Number(value).toLocaleString('ko-KR'),
        },
      },
    ],
  },
})

// %% exercise 1
/*
### 실습 1. Prometheus 메트릭 정의 (Counter, Histogram, Gauge)

명세의 메트릭 여섯 개를 `registry`에 등록하는 `defineMetrics`를 완성하십시오. 2층의 두 개와 모델 로드 시간은 적어 두었습니다.

- `fds_requests_total`: 카운터, 레이블 `endpoint`, `status`, `model_version`
- `fds_latency_seconds`: 히스토그램, 레이블 `endpoint`. 명세의 경계 `0.01, 0.05, 0.1, 0.25, 0.5, 1`에 **빠진 경계 하나를 더합니다.**
- `fds_active_requests`: 게이지, 레이블 없음

**입력** 빈 `Registry`. **출력** 메트릭 여섯 개의 묶음.

**힌트.** 모양은 예제의 `new Counter({ name, help, labelNames, registers })`와 같습니다. `help`는 무엇을 세는지 쓴 한 문장입니다.
*/

// %% todo 1
interface FdsMetrics {
  readonly requests: Counter<string>
  readonly latency: Histogram<string>
  readonly predictions: Counter<string>
  readonly probability: Histogram<string>
  readonly loadTime: Gauge<string>
  readonly active: Gauge<string>
}

let defineMetrics: (registry: Registry) => FdsMetrics = (registry) => ({
  // 1층: 요청
  requests: TODO, // TODO: new Counter({ … })
  latency: TODO, // TODO: new Histogram({ … }), 목표 200 ms를 물을 수 있는 경계로
  // 2층: 비즈니스
  predictions: new Counter({
    name: 'fds_predictions_total',
    help: '위험 등급별 판정 수',
    labelNames: ['risk_level', 'model_version'],
    registers: [registry],
  }),
  probability: new Histogram({
    name: 'fds_fraud_probability',
    help: '판정한 거래의 사기 확률',
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers: [registry],
  }),
  // 3층: 시스템
  loadTime: new Gauge({
    name: 'fds_model_load_time_seconds',
    help: '모델을 읽는 데 걸린 초',
    labelNames: ['model_name'],
    registers: [registry],
  }),
  active: TODO, // TODO: new Gauge({ … })
})

// %% solution 1
// 정답 1
defineMetrics = (registry) => ({
  requests: new Counter({
    name: 'fds_requests_total',
    help: '응답한 요청 수',
    labelNames: ['endpoint', 'status', 'model_version'],
    registers: [registry],
  }),
  latency: new Histogram({
    name: 'fds_latency_seconds',
    help: '요청이 도착해서 응답이 끝날 때까지의 초',
    labelNames: ['endpoint'],
    buckets: [0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 1],
    registers: [registry],
  }),
  predictions: new Counter({
    name: 'fds_predictions_total',
    help: '위험 등급별 판정 수',
    labelNames: ['risk_level', 'model_version'],
    registers: [registry],
  }),
  probability: new Histogram({
    name: 'fds_fraud_probability',
    help: '판정한 거래의 사기 확률',
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers: [registry],
  }),
  loadTime: new Gauge({
    name: 'fds_model_load_time_seconds',
    help: '모델을 읽는 데 걸린 초',
    labelNames: ['model_name'],
    registers: [registry],
  }),
  active: new Gauge({
    name: 'fds_active_requests',
    help: '지금 처리 중인 요청 수',
    registers: [registry],
  }),
})
const definedRegistry = new Registry()
defineMetrics(definedRegistry)
table(
  ['메트릭', '종류', '뜻'],
  definedRegistry.getMetricsAsArray().map(({ name, type, help }) => [name, type, help]),
)

// %% mistake 1: 0.2초
defineMetrics = (registry) => ({
  requests: counter(registry, 'fds_requests_total'),
  latency: new Histogram({
    name: 'fds_latency_seconds',
    help: '지연 시간',
    labelNames: ['endpoint'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [registry],
  }),
  predictions: counter(registry, 'fds_predictions_total'),
  probability: histogram(registry, 'fds_fraud_probability'),
  loadTime: gauge(registry, 'fds_model_load_time_seconds'),
  active: gauge(registry, 'fds_active_requests'),
})

// %% checkpoint 1
{
  const registry = new Registry()
  const { requests, latency, active } = defineMetrics(registry)
  assert(
    requests !== undefined && latency !== undefined && active !== undefined,
    '체크포인트 1: requests, latency, active 중에 빈칸이 남았습니다. TODO를 new Counter, Histogram, Gauge로 바꾸십시오.',
  )
  const typeOf = (name: string) =>
    registry.getMetricsAsArray().find((metric) => metric.name === name)?.type
  // 명세의 체크포인트 1
  assert.equal(
    typeOf('fds_requests_total'),
    'counter',
    '체크포인트 1: Counter 정의 실패! 이름이 fds_requests_total인지, registers에 registry를 넣었는지 보십시오.',
  )
  assert.equal(
    typeOf('fds_latency_seconds'),
    'histogram',
    '체크포인트 1: Histogram 정의 실패! 이름이 fds_latency_seconds인지, registers에 registry를 넣었는지 보십시오.',
  )
  assert.equal(
    typeOf('fds_active_requests'),
    'gauge',
    '체크포인트 1: Gauge 정의 실패! 이름이 fds_active_requests인지, registers에 registry를 넣었는지 보십시오.',
  )
  assert.doesNotThrow(() => {
    requests.inc({ endpoint: '/predict', status: '200', model_version: 'champion' })
    latency.observe({ endpoint: '/predict' }, 0.2)
    active.inc()
  }, '체크포인트 1: 레이블이 다릅니다. 요청은 endpoint, status, model_version, 지연은 endpoint, 처리 중인 요청은 레이블이 없습니다.')
  const samples = parseSamples(await registry.metrics())
  const limits = new Map(
    pick(samples, 'fds_latency_seconds_bucket').map(({ labels, value }) => [labels['le'], value]),
  )
  assert(
    limits.has('0.2'),
    '체크포인트 1: 지연 시간 경계에 목표인 0.2초가 없습니다. 이대로면 모두 110 ms여도 p99가 248 ms로 보입니다.',
  )
  assert.deepEqual(
    [limits.get('0.1'), limits.get('0.2'), limits.get('0.25'), limits.has('1')],
    [0, 1, 1, true],
    '체크포인트 1: 명세의 경계 0.01, 0.05, 0.1, 0.25, 0.5, 1은 그대로 두고 하나를 더하십시오. 단위는 초입니다.',
  )
  console.log(
    '✅ 체크포인트 1 통과: 여섯 메트릭을 정의했고, 200 ms 목표를 정확히 물을 수 있습니다.',
  )
}

// %% concept
/*
## 4. 미들웨어: 실패한 요청도 셉니다

**왜 필요한가?** `/predict` 함수의 마지막 줄에서 `requests.inc()`를 불렀습니다. 대시보드는 일 년 내내 "에러율 0 %"입니다. 당연합니다.
예외가 나면 마지막 줄까지 오지 못합니다. **실패가 세는 코드를 건너뛰므로, 가장 아픈 날에 가장 깨끗한 그래프가 나옵니다.**

그래서 세는 일은 라우트 바깥, 모든 요청이 지나는 곳에 둡니다. FastAPI에서는 미들웨어(middleware)이고, 이 시스템의 Fastify에서는
훅(hook)입니다. 명세의 코드를 옮길 때 조심할 점이 셋 있습니다.

| 명세 | 생기는 일 | 여기서는 |
| --- | --- | --- |
| `endpoint=request.url.path` | `/decisions/t-1`, `/decisions/t-2`마다 시계열이 생깁니다. 스캐너가 아무 경로나 두드려도 늘어납니다 | 라우트 패턴. 없는 경로는 모두 `unknown` |
| `response`를 받은 뒤에 셈 | 예외가 나면 `inc`에 이르지 못합니다 | 응답이 닫힐 때(`close`) 한 번 셉니다 |
| 끊긴 연결은 고려하지 않음 | 기다리다 떠난 고객이 통계에 없습니다 | 응답을 끝내지 못했으면 499로 셉니다 |

Fastify의 `reply.elapsedTime`은 함정입니다. `onResponse` 훅이나 로거가 하나도 없으면 시계를 켜지 않아 늘 0입니다. 지연 시간이 0인
그래프는 오류보다 늦게 들킵니다([app.ts](../../src/serving/http/app.ts)에 그 까닭이 적혀 있습니다).

게이지는 `finally`에 해당하는 자리에서 반드시 내려야 합니다. 예외마다 1씩 남으면 사흘 뒤에는 "처리 중 4,000건"이 됩니다.

**생각해 볼 질문.** 스캐너가 보낸 404를 에러율의 분모에 넣으면 SLA 숫자는 어떻게 될까요?
*/

// %% example
// 같은 요청 열 건을 라우트 안에서, 그리고 훅에서 세어 봅니다.
const inside = new Counter({ name: 'inside_total', help: '라우트 안', registers: [new Registry()] })
const hooked = new Registry()
const byHook = counter(hooked, 'fds_requests_total')
const naive = fastify()
naive.addHook('onRequest', async (request, reply) => {
  reply.raw.once('close', () => {
    const endpoint = request.routeOptions.url ?? 'unknown'
    byHook.inc({ endpoint, status: String(reply.raw.statusCode), model_version: 'none' })
  })
})
naive.post('/predict', async (request) => {
  const { amount } = request.body as { amount?: number }
  if (amount === undefined) throw new Error('모델이 점수를 내지 못했습니다')
  inside.inc()
  return { ok: true }
})
const send = (url: string, payload: object | string) =>
  naive.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } })
for (let at = 0; at < 6; at++) await send('/predict', { amount: 100 })
for (let at = 0; at < 2; at++) await send('/predict', {}) // 예외: 500
await send('/predict', '{깨진 JSON') // 400
await send('/wp-login.php', {}) // 스캐너: 404
await tick()

const hookSamples = parseSamples(await hooked.metrics())
const insideCount = (await inside.get()).values[0]!.value
await show(
  table(
    ['세는 곳', '센 요청', '실패로 센 것'],
    [
      ['라우트의 마지막 줄', insideCount, 0],
      [
        '훅',
        sumOf(hookSamples),
        sumOf(pick(hookSamples, 'fds_requests_total', { status: /^[45]/ })),
      ],
    ],
  ),
  table(
    ['endpoint (라우트 패턴)', '상태 코드', '요청'],
    hookSamples.map(({ labels, value }) => [labels['endpoint'], labels['status'], value]),
  ),
)
diagram({
  title: '요청 하나가 지나는 길과 세는 자리',
  boxes: {
    come: [0, 0, '요청 도착', 'onRequest 훅', '처리 중 +1'],
    route: [1, 0, '라우트', '본문 읽기, 판정'],
    end: [2, 0, '응답이 닫힘', 'close: 처리 중 -1', '요청 수 +1, 지연 기록'],
    fail: [1, 1, '예외, 없는 경로', '400, 404, 500'],
    left: [1, 2, '떠난 고객', '응답 전에 연결이 끊김'],
  },
  arrows: [
    ['come', 'route'],
    ['route', 'end', '200'],
    ['come', 'fail'],
    ['fail', 'end'],
    ['come', 'left'],
    ['left', 'end'],
  ],
})

// %% exercise 2
/*
### 실습 2. FastAPI 미들웨어 구현 (여기서는 Fastify 훅)

`addMetrics(app, metrics, registry)`를 완성하십시오. 앱에 어떤 라우트가 있든 모든 요청을 셉니다.

1. 요청이 오면 `metrics.active`를 1 올립니다.
2. 응답이 닫히면 1 내리고, `metrics.requests`를 1 올리고, `metrics.latency`에 걸린 초를 기록합니다.
3. `endpoint`는 라우트 패턴입니다. 맞는 라우트가 없으면 `unknown`입니다.
4. `GET /metrics`는 `registry`의 텍스트를 답합니다.

**힌트.** 라우트 패턴은 `request.routeOptions.url`입니다. `started`는 밀리초이고 메트릭의 단위는 초입니다. `status`는 적어 둔 것을
쓰고, `model_version`은 `'champion'`으로 둡니다. 메트릭의 텍스트는 `await registry.metrics()`입니다.
*/

// %% todo 2
type AddMetrics = (
  app: FastifyInstance,
  metrics: Pick<FdsMetrics, 'active' | 'requests' | 'latency'>,
  registry: Registry,
) => void

let addMetrics: AddMetrics = (app, { active, requests, latency }, registry) => {
  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now() // 밀리초
    // TODO: 처리 중인 요청을 1 올립니다
    reply.raw.once('close', () => {
      // 응답을 끝내지 못하고 닫혔으면 고객이 떠난 것입니다
      const status = String(reply.raw.writableEnded ? reply.raw.statusCode : 499)
      // TODO: 처리 중인 요청을 1 내립니다
      // TODO: 라우트 패턴으로 endpoint를 정하고, 요청 수와 지연 시간을 기록합니다
    })
  })
  app.get('/metrics', async (_, reply) => {
    reply.type(registry.contentType).send(TODO) // TODO: 메트릭의 텍스트
    return reply
  })
}

// %% solution 2
// 정답 2
addMetrics = (app, { active, requests, latency }, registry) => {
  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now()
    active.inc()
    reply.raw.once('close', () => {
      const status = String(reply.raw.writableEnded ? reply.raw.statusCode : 499)
      const endpoint = request.routeOptions.url ?? 'unknown'
      active.dec()
      requests.inc({ endpoint, status, model_version: 'champion' })
      latency.observe({ endpoint }, (performance.now() - started) / 1000)
    })
  })
  app.get('/metrics', async (_, reply) => {
    reply.type(registry.contentType).send(await registry.metrics())
    return reply
  })
}
console.log('정답 2: 라우트가 무엇이든 훅 하나가 모든 요청을 셉니다.')

// %% mistake 2: 라우트 패턴
addMetrics = (app, { active, requests, latency }, registry) => {
  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now()
    active.inc()
    reply.raw.once('close', () => {
      const status = String(reply.raw.writableEnded ? reply.raw.statusCode : 499)
      active.dec()
      requests.inc({ endpoint: request.url, status, model_version: 'champion' })
      latency.observe({ endpoint: request.url }, (performance.now() - started) / 1000)
    })
  })
  app.get('/metrics', async (_, reply) => {
    reply.type(registry.contentType).send(await registry.metrics())
    return reply
  })
}

// %% checkpoint 2
{
  const registry = new Registry()
  const metrics = {
    active: gauge(registry, 'fds_active_requests'),
    requests: counter(registry, 'fds_requests_total'),
    latency: histogram(registry, 'fds_latency_seconds'),
  }
  const app = fastify()
  addMetrics(app, metrics, registry)
  app.get('/decisions/:transaction_id', async () => {
    await sleep(20)
    return { ok: true }
  })
  app.post('/predict', async () => {
    throw new Error('점수를 내지 못했습니다')
  })
  for (const id of ['t-1', 't-2', 't-3']) await app.inject(`/decisions/${id}`)
  for (const path of ['/admin', '/.env']) await app.inject(path)
  await app.inject({ method: 'POST', url: '/predict' })
  await tick()
  // 명세의 체크포인트 2
  const response = await app.inject('/metrics')
  await tick()
  assert.equal(
    response.statusCode,
    200,
    '체크포인트 2: /metrics 접근 실패! 상태 코드가 200이 아닙니다.',
  )
  assert(
    response.body.includes('fds_requests_total'),
    '체크포인트 2: 메트릭 노출 실패! /metrics가 아직 빈칸입니다. await registry.metrics()를 보내십시오.',
  )
  const counted = pick(parseSamples(response.body), 'fds_requests_total')
  assert(
    counted.length > 0,
    '체크포인트 2: 요청을 하나도 세지 않았습니다. close 안에서 requests.inc를 부르십시오.',
  )
  assert.equal(
    sumOf(counted),
    6,
    '체크포인트 2: 요청은 여섯 건이었습니다. 한 요청을 한 번만 세는지, 실패도 세는지 보십시오.',
  )
  assert.deepEqual(
    sumBy(counted, 'endpoint'),
    { '/decisions/:transaction_id': 3, unknown: 2, '/predict': 1 },
    '체크포인트 2: endpoint가 라우트 패턴이 아닙니다. request.url 대신 request.routeOptions.url을, 없으면 unknown을 쓰십시오.',
  )
  assert.deepEqual(
    sumBy(counted, 'status'),
    { '200': 3, '404': 2, '500': 1 },
    '체크포인트 2: 상태 코드가 다릅니다. 적어 둔 status를 레이블에 넣으십시오.',
  )
  const after = parseSamples(await registry.metrics())
  const [active] = pick(parseSamples(response.body), 'fds_active_requests')
  assert.equal(
    active?.value,
    1,
    '체크포인트 2: /metrics에 답하는 동안 처리 중인 요청은 1입니다. onRequest에서 올리고 close에서 내리는지 보십시오.',
  )
  assert.equal(
    pick(after, 'fds_active_requests')[0]?.value,
    0,
    '체크포인트 2: 모든 응답이 끝났는데 처리 중인 요청이 남았습니다. 예외가 나도 내려야 합니다.',
  )
  const seconds = sumOf(pick(after, 'fds_latency_seconds_sum'))
  assert.equal(
    sumOf(pick(after, 'fds_latency_seconds_count')),
    7,
    '체크포인트 2: 지연 시간을 모든 요청에 대해 한 번씩 기록하십시오.',
  )
  assert(
    seconds > 0.05 && seconds < 10,
    '체크포인트 2: 지연 시간의 단위가 초가 아닙니다. started는 밀리초이므로 1,000으로 나누십시오.',
  )
  console.log(
    '✅ 체크포인트 2 통과: 성공, 예외, 없는 경로를 모두 한 번씩 세고 게이지가 0으로 돌아옵니다.',
  )
}

// %% concept
/*
## 5. 비즈니스 메트릭: 200이라고 다 정상은 아닙니다

**왜 필요한가?** 1절의 사고를 실제 서비스에서 재현합니다. 거래 2,000건을 보내고, 거리 두 필드를 m 단위로 바꿔 다시 2,000건을 보냅니다.
요청 메트릭만 보면 두 번 모두 완벽합니다. 무엇이 달라졌는지는 **모델의 답을 세어야** 보입니다.

- `fds_predictions_total{risk_level, model_version}`: 등급별 판정 수
- `fds_fraud_probability`: 사기 확률의 분포. 임곗값을 옮기면 등급은 변하지만 분포는 그대로이므로, 정책 변화와 모델 변화를 가를 수 있습니다.
- `fds_drift_psi{feature}`: 컬럼별 모집단 안정성 지수(PSI). 챔피언이 학습한 데이터와 최근 한 시간을 비교합니다.

세 가지를 더 지킵니다. **판정 하나는 한 번만 셉니다.** 결제망은 응답이 늦으면 같은 `transaction_id`를 다시 보냅니다. 그때마다 세면
장애가 난 날 "사기 급증" 알림이 울립니다. **임곗값은 코드에 적지 않습니다.** 명세의 `if probability < 0.18`은 모델이 바뀌어도 남습니다.
여기서는 모델과 함께 승격되는 정책(policy)에서 읽습니다. **카드나 금액은 레이블이 아닙니다.**

**생각해 볼 질문.** 차단 건수가 아니라 차단 **비율**로 알림을 걸면 무엇이 좋아지고, 새벽에는 무엇이 나빠질까요?
*/

// %% example
// npm start와 같은 서비스를 빈 포트에 띄우고, 첫 챔피언을 학습해 올립니다.
const home = courseHome('2-6')
const service = await courseService(home)
await ensureChampion({ client: service.tracking.client, name: 'fraud_detector', now: Date.now })
while (!(await fetch(`${service.address}/ready`)).ok) await sleep(100)

const scrape = async () => parseSamples(await (await fetch(`${service.address}/metrics`)).text())

/** 거래를 500건씩 보냅니다. 라벨은 아직 모르는 것이므로 뺍니다. */
async function sendBatches(
  rows: readonly Transaction[],
  change: (row: Transaction) => Transaction,
) {
  for (let from = 0; from < rows.length; from += 500) {
    const batch = rows
      .slice(from, from + 500)
      .map(({ [SIMULATED_ROLES.label]: _, ...row }) => change(row))
    await fetch(`${service.address}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    })
  }
}

const recent = [...tableRows(between(payments.test.table, 0, 0.1))]
const inMetres = (row: Transaction): Transaction => ({
  ...row,
  transaction_id: `m-${row['transaction_id']}`,
  distance_from_home_km: 1000 * Number(row['distance_from_home_km']),
  distance_from_last_km: 1000 * Number(row['distance_from_last_km']),
})
await sendBatches(recent, (row) => row)
const healthy = await scrape()
await sendBatches(recent, inMetres)
const broken = await scrape()

const levelsOf = (samples: readonly Sample[]) =>
  sumBy(pick(samples, 'fds_predictions_total'), 'risk_level')
const before = levelsOf(healthy)
const afterwards = Object.fromEntries(
  RISK_LEVELS.map((level) => [level, levelsOf(broken)[level]! - before[level]!]),
)
const failed = sumOf(
  pick(broken, 'fds_requests_total', { endpoint: '/predict/batch', status: /^[45]/ }),
)
const KOREAN = { approve: '승인', verify: '추가 인증', hold: '보류', block: '차단' }
await show(
  table(
    ['무엇을 보나', '정상 2,000건', '거리가 m인 2,000건'],
    [
      ['1층: 실패한 요청', failed, failed],
      ...RISK_LEVELS.map((level) => [
        `2층: ${KOREAN[level]} (${level})`,
        before[level]!,
        afterwards[level]!,
      ]),
    ],
  ),
)
const watched = ['verify', 'hold', 'block'] as const
const [usual, unusual] = [before, afterwards].map((levels) =>
  watched.map((level) => levels[level]!),
)
plot({
  title: '요청은 모두 200, 사람이 봐야 할 거래는 네 배',
  subtitle: '승인이 아닌 판정. 차단만 보는 알림(5 %)은 0.7 %라서 울리지 않습니다',
  x: '위험 등급',
  places: watched.map((level) => KOREAN[level]),
  y: ['판정 수', 0, 60],
  series: [
    { name: '정상', color: '#0072b2', bars: usual!, words: usual! },
    { name: '거리가 m', color: '#d55e00', bars: unusual!, words: unusual! },
  ],
})

// %% example
// 등급 비율은 늦게 움직입니다. 원인을 바로 가리키는 것은 컬럼별 PSI입니다.
const psi = pick(broken, 'fds_drift_psi')
  .map(({ labels, value }) => [labels['feature']!, value] as const)
  .toSorted(([, a], [, b]) => b - a)
  .slice(0, 8)
chart({
  title: 'fds_drift_psi가 범인을 가리킵니다',
  subtitle:
    '4,000건 중 절반의 거리 단위가 바뀐 뒤, 위에서 여덟 컬럼. 0.25를 넘으면 재학습을 검토합니다',
  option: {
    grid: { top: 76, left: 170, right: 70, bottom: 56 },
    xAxis: { type: 'value', name: 'PSI', nameLocation: 'middle', nameGap: 30 },
    yAxis: { type: 'category', data: psi.map(([feature]) => feature), inverse: true },
    series: [
      {
        type: 'bar',
        data: psi.map(([, value]) => ({
          value: Number(value.toFixed(3)),
          itemStyle: { color: value > 0.25 ? '#d55e00' : '#0072b2' },
        })),
        label: { show: true, position: 'right' },
      },
    ],
  },
})

// %% example
// 실습에서 쓸 작은 모델입니다. 점수 함수는 거래 하나를 받아 사기 확률을 돌려줍니다.
const model = trainBooster(
  {
    nEstimators: 150,
    maxDepth: 4,
    learningRate: 0.1,
    scalePosWeight: 20,
    minChildWeight: 5,
    seed: 2026,
  },
  { x: payments.train.x, y: payments.train.y },
)
const transform = createRowTransformer(payments.spec)
const row = new Float32Array(featureNames(payments.spec).length)
const scoreOf = (transaction: Transaction): number => {
  transform(transaction, row)
  return model.predictRow(row)
}
const someScores = recent.map(({ [SIMULATED_ROLES.label]: _, ...transaction }) =>
  scoreOf(transaction),
)
table(
  ['위험 등급', '사기 확률', `거래 ${someScores.length.toLocaleString('ko-KR')}건 중`],
  RISK_LEVELS.map((level, at) => {
    const limits = [0, ...Object.values(DEFAULT_POLICY.thresholds), 1]
    const count = someScores.filter((score) => riskLevel(score, DEFAULT_POLICY) === level).length
    return [`${KOREAN[level]} (${level})`, `${limits[at]} 이상 ${limits[at + 1]} 미만`, count]
  }),
)

// %% exercise 3
/*
### 실습 3. /predict 엔드포인트에 비즈니스 메트릭 추가

`createPredict(metrics, score)`가 돌려주는 함수는 거래 하나를 판정합니다. 빈칸을 채우십시오.

1. 처음 보는 거래면 `score`로 확률을, `riskLevel(확률, DEFAULT_POLICY)`로 등급을 정합니다.
2. `metrics.predictions`를 등급과 `model_version: 'champion'`으로 1 올리고, `metrics.probability`에 확률을 기록합니다.
3. 같은 `transaction_id`가 다시 오면 **저장해 둔 답을 그대로** 돌려주고 세지 않습니다.

**입력** `transaction_id`가 있는 거래. **출력** `{ fraud_probability, risk_level }`.

**힌트.** `decided`는 거래 번호에서 답을 찾는 `Map`입니다. `if`의 사다리를 새로 쓰지 마십시오. 0.18은 승인이 아니라 추가 인증입니다.
*/

// %% todo 3
interface Answer {
  readonly fraud_probability: number
  readonly risk_level: RiskLevel
}
type CreatePredict = (
  metrics: Pick<FdsMetrics, 'predictions' | 'probability'>,
  score: (transaction: Transaction) => number,
) => (transaction: Transaction) => Answer

let createPredict: CreatePredict = (metrics, score) => {
  const decided = new Map<string, Answer>()
  return (transaction) => {
    const id = String(transaction['transaction_id'])
    // TODO: 이미 판정한 거래면 저장된 답을 돌려줍니다
    // TODO: 확률과 등급을 구합니다
    // TODO: 등급과 확률을 메트릭에 기록합니다
    // TODO: 답을 decided에 저장하고 돌려줍니다
    return TODO
  }
}

// %% solution 3
// 정답 3
createPredict = (metrics, score) => {
  const decided = new Map<string, Answer>()
  return (transaction) => {
    const id = String(transaction['transaction_id'])
    const stored = decided.get(id)
    if (stored !== undefined) return stored
    const probability = score(transaction)
    const answer = {
      fraud_probability: probability,
      risk_level: riskLevel(probability, DEFAULT_POLICY),
    }
    metrics.predictions.inc({ risk_level: answer.risk_level, model_version: 'champion' })
    metrics.probability.observe(probability)
    decided.set(id, answer)
    return answer
  }
}
console.log('정답 3: 처음 보는 거래만 세고, 재시도에는 저장된 답을 돌려줍니다.')

// %% mistake 3: 재시도
createPredict = (metrics, score) => (transaction) => {
  const probability = score(transaction)
  const risk_level = riskLevel(probability, DEFAULT_POLICY)
  metrics.predictions.inc({ risk_level, model_version: 'champion' })
  metrics.probability.observe(probability)
  return { fraud_probability: probability, risk_level }
}

// %% checkpoint 3
{
  const createApp = (score: (transaction: Transaction) => number) => {
    const registry = new Registry()
    const predict = createPredict(
      {
        predictions: counter(registry, 'fds_predictions_total'),
        probability: histogram(registry, 'fds_fraud_probability'),
      },
      score,
    )
    const app = fastify()
    app.post('/predict', async (request, reply) => reply.send(predict(request.body as Transaction)))
    const post = async (payload: object) =>
      (await app.inject({ method: 'POST', url: '/predict', payload })).body
    return { post, samples: async () => parseSamples(await registry.metrics()) }
  }
  // 확률을 금액으로 흉내 내어 경계를 하나씩 확인합니다
  const { post, samples } = createApp(({ amount }) => Number(amount))
  const answers: string[] = []
  for (const amount of [0.17, 0.18, 0.39, 0.4, 0.65, 1])
    answers.push(await post({ transaction_id: `t-${amount}`, amount }))
  assert(
    answers.every((text) => text !== ''),
    '체크포인트 3: createPredict가 아직 빈칸입니다. 확률과 등급을 구해 돌려주십시오.',
  )
  assert.deepEqual(
    answers.map((text) => JSON.parse(text).risk_level),
    ['approve', 'verify', 'verify', 'hold', 'block', 'block'],
    '체크포인트 3: 등급이 다릅니다. riskLevel(확률, DEFAULT_POLICY)를 쓰십시오. 임곗값과 같은 확률은 더 엄한 등급입니다.',
  )
  assert.deepEqual(
    answers.map((text) => JSON.parse(text).fraud_probability),
    [0.17, 0.18, 0.39, 0.4, 0.65, 1],
    '체크포인트 3: fraud_probability에 score가 낸 확률을 그대로 담으십시오.',
  )
  assert.deepEqual(
    sumBy(
      pick(await samples(), 'fds_predictions_total', { model_version: 'champion' }),
      'risk_level',
    ),
    { approve: 1, verify: 2, hold: 1, block: 2 },
    '체크포인트 3: 등급별 판정 수가 다릅니다. predictions.inc에 risk_level과 model_version을 모두 주십시오.',
  )
  const retried = await post({ transaction_id: 't-0.17', amount: 0.17 })
  assert.equal(retried, answers[0], '체크포인트 3: 재시도에는 처음과 같은 답을 돌려주십시오.')
  const total = async () => sumOf(pick(await samples(), 'fds_predictions_total'))
  assert.equal(
    await total(),
    6,
    '체크포인트 3: 재시도를 또 셌습니다. 같은 transaction_id면 저장된 답을 돌려주고 세지 마십시오.',
  )
  assert.equal(
    pick(await samples(), 'fds_fraud_probability_count')[0]?.value,
    6,
    '체크포인트 3: 확률도 판정마다 한 번 기록하십시오. 재시도는 기록하지 않습니다.',
  )
  // 이제 진짜 거래 400건을 두 번씩 보냅니다
  const real = createApp(scoreOf)
  for (const round of [1, 2])
    for (const { [SIMULATED_ROLES.label]: _, ...payment } of recent.slice(0, 400))
      await real.post(payment)
  assert.equal(
    sumOf(pick(await real.samples(), 'fds_predictions_total')),
    400,
    '체크포인트 3: 거래 400건을 두 번씩 보냈으므로 판정은 400건이어야 합니다.',
  )
  console.log(
    '✅ 체크포인트 3 통과: 요청 800건, 판정 400건. 재시도가 사기 급증으로 보이지 않습니다.',
  )
}

// %% concept
/*
## 6. 수집: Prometheus가 가져갑니다

**왜 필요한가?** 대시보드를 만든 사람이 퇴사하고 서버를 옮겼습니다. Grafana의 볼륨이 없어 대시보드가 사라졌고, `latest` 이미지가 큰 버전을
건너뛰어 설정 파일을 거부했고, 비밀번호는 `admin`인 채로 3000번 포트가 사내 전체에 열려 있었습니다. 세 가지 모두 **파일 두 개를 대충 쓴
값**입니다.

Prometheus는 풀(pull) 방식입니다. 서비스가 밀어 보내지 않고, Prometheus가 15초마다 `/metrics`를 읽습니다. 그래서 서비스가 죽으면
`up`이 0이 되어 **죽음도 데이터가 됩니다.** 밀어 보내는 방식이라면 "조용한 것"과 "죽은 것"을 가를 수 없습니다.

| 명세의 파일 | 생기는 일 | [deploy/compose.yaml](../../deploy/compose.yaml) |
| --- | --- | --- |
| `image: …:latest` | 내일은 다른 버전이 뜹니다 | 버전을 고정합니다 |
| `"9090:9090"` | 모든 네트워크에 열립니다 | `127.0.0.1:`로 시작합니다 |
| `GF_SECURITY_ADMIN_PASSWORD=admin` | 비밀번호가 저장소에 남습니다 | 첫 실행 때 만든 파일을 `__FILE`로 읽습니다 |
| Prometheus 볼륨 없음 | 다시 만들면 과거가 사라집니다 | 볼륨과 보존 기간 30일 |
| 알림 규칙 없음 | 그래프를 보는 사람이 있어야 압니다 | `rule_files`와 Alertmanager |
| Grafana 설정 없음 | 데이터 소스와 대시보드를 손으로 만듭니다 | 프로비저닝 파일로 만듭니다 |
| `version: '3.8'` | 쓰이지 않는 줄입니다. Compose가 경고합니다 | 없습니다 |

컨테이너 안의 `localhost`는 **그 컨테이너 자신**입니다. 그래서 Prometheus의 대상은 `localhost:8000`이 아니라 서비스 이름
`fds-api:8000`입니다. 가장 흔한 실수입니다.

**생각해 볼 질문.** 복제본이 둘인데 부하 분산기 주소 하나만 긁으면 카운터는 어떤 모양이 될까요?
*/

// %% example
// 실제 배포 파일을 읽습니다. 서비스마다 이미지와 바깥에 여는 포트입니다.
interface ComposeFile {
  services: Record<
    string,
    {
      image?: string
      ports?: string[]
      volumes?: string[]
      environment?: Record<string, string> | string[]
      command?: string[]
    }
  >
  volumes?: Record<string, unknown>
  version?: string
}
const deployed: ComposeFile = parse(readFileSync('../../deploy/compose.yaml', 'utf8'), {
  merge: true,
})
await show(
  table(
    ['서비스', '이미지', '바깥에 여는 포트'],
    Object.entries(deployed.services).map(([name, { image, ports }]) => [
      name,
      image,
      ports?.join(', ') ?? '없음',
    ]),
  ),
)
diagram({
  title: 'deploy/compose.yaml의 모니터링',
  boxes: {
    prometheus: [1, 0, 'Prometheus', '규칙을 계산, 30일 보관'],
    api: [0, 0, 'fds-api × 2', 'GET /metrics'],
    grafana: [2, 0, 'Grafana', '대시보드 네 장'],
    alerts: [1, 1, 'Alertmanager', '묶고, 나누고, 조용히'],
    slack: [2, 1, 'Slack', 'ticket'],
    pager: [2, 2, 'PagerDuty', 'page'],
  },
  arrows: [
    ['prometheus', 'api', '15초마다'],
    ['grafana', 'prometheus', 'PromQL'],
    ['prometheus', 'alerts', '알림'],
    ['alerts', 'slack'],
    ['alerts', 'pager'],
  ],
})

// %% example
// prometheus 프로그램이 있으면 5절의 서비스를 1초마다 긁게 합니다. 없으면 /metrics의 텍스트를 직접 읽습니다.
const prometheus = await startPrometheus(home, service.address)
await prometheus?.scraped()

/** 같은 물음을 두 길로 묻습니다. Prometheus가 있으면 손으로 계산한 답과 같은지도 확인합니다. */
async function ask(
  promql: string,
  byHand: (samples: readonly Sample[]) => number,
): Promise<number> {
  const expected = byHand(await scrape())
  if (prometheus === undefined) return expected
  const [answer] = await prometheus.query(promql)
  assert(
    answer !== undefined && Math.abs(answer.value - expected) < 1e-9,
    `${promql}: ${answer?.value}`,
  )
  return answer.value
}

table(
  ['물음', 'PromQL', '답'],
  [
    [
      '서비스가 살아 있는가 (1이면 예)',
      'up{job="fds-api"}',
      // up은 Prometheus가 스스로 만드는 시계열입니다. 텍스트를 읽을 수 있으면 1입니다.
      await ask('up{job="fds-api"}', (samples) => Number(samples.length > 0)),
    ],
    [
      '지금까지 판정한 거래',
      'sum(fds_predictions_total)',
      await ask('sum(fds_predictions_total)', (samples) =>
        sumOf(pick(samples, 'fds_predictions_total')),
      ),
    ],
    [
      '챔피언이 판정하고 있는가',
      'fds_model_served{alias="champion"}',
      await ask('fds_model_served{alias="champion"}', (samples) =>
        sumOf(pick(samples, 'fds_model_served', { alias: 'champion' })),
      ),
    ],
    [
      'PSI가 0.25를 넘은 컬럼의 수',
      'count(fds_drift_psi > 0.25)',
      await ask(
        'count(fds_drift_psi > 0.25)',
        (samples) => pick(samples, 'fds_drift_psi').filter(({ value }) => value > 0.25).length,
      ),
    ],
  ],
)

// %% exercise 4
/*
### 실습 4. Docker Compose로 Prometheus + Grafana 실행

아래에 명세의 `docker-compose.monitoring.yml`과 `prometheus.yml`이 그대로 있습니다. 6절의 표를 보며 고치십시오.

- 이미지는 버전을 고정합니다: `prom/prometheus:v3.15.0`, `grafana/grafana:13.2.3`. 쓰이지 않는 `version`은 지웁니다.
- 포트는 모두 `127.0.0.1:`로 시작합니다.
- Prometheus의 데이터를 볼륨 `prometheus-data`로 `/prometheus`에 두고, `./rules`를 `/etc/prometheus/rules`에 붙입니다.
- Grafana의 비밀번호는 파일에서 읽습니다(`GF_SECURITY_ADMIN_PASSWORD__FILE`). `./grafana/provisioning`을
  `/etc/grafana/provisioning`에 붙입니다.
- `prometheus.yml`에는 `rule_files`를 더합니다. 수집 대상이 무엇이어야 하는지도 확인합니다.

**힌트.** 이름 있는 볼륨은 맨 아래 `volumes:`에도 적습니다. Docker가 있으면 파일이 놓인 곳에서 `docker compose -f
docker-compose.monitoring.yml up --detach`로 실행합니다. 완성된 배포는 `cd deploy && docker compose up --detach --wait`입니다.
*/

// %% todo 4
// TODO: 명세의 두 파일입니다. 위의 목록대로 고치십시오.
let composeText = `
version: '3.8'
services:
  prometheus:
    image: prom/prometheus:latest
    ports:
      - "9090:9090"
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml
    command:
      - '--config.file=/etc/prometheus/prometheus.yml'
  grafana:
    image: grafana/grafana:latest
    ports:
      - "3000:3000"
    environment:
      - GF_SECURITY_ADMIN_PASSWORD=admin
    volumes:
      - grafana-data:/var/lib/grafana
  fds-api:
    build: .
    ports:
      - "8000:8000"
volumes:
  grafana-data:
`
let prometheusText = `
global:
  scrape_interval: 15s
scrape_configs:
  - job_name: 'fds-api'
    static_configs:
      - targets: ['fds-api:8000']
    metrics_path: '/metrics'
`

// %% solution 4
// 정답 4
composeText = `
services:
  prometheus:
    image: prom/prometheus:v3.15.0
    command:
      - --config.file=/etc/prometheus/prometheus.yml
      - --storage.tsdb.path=/prometheus
      - --storage.tsdb.retention.time=30d
    ports:
      - "127.0.0.1:9090:9090"
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./rules:/etc/prometheus/rules:ro
      - prometheus-data:/prometheus
  grafana:
    image: grafana/grafana:13.2.3
    ports:
      - "127.0.0.1:3000:3000"
    environment:
      - GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/grafana-admin-password
    secrets:
      - grafana-admin-password
    volumes:
      - grafana-data:/var/lib/grafana
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
  fds-api:
    build: .
    ports:
      - "127.0.0.1:8000:8000"
secrets:
  grafana-admin-password:
    file: ./secrets/grafana-admin-password
volumes:
  prometheus-data:
  grafana-data:
`
prometheusText = `
global:
  scrape_interval: 15s
rule_files:
  - rules/*.yml
scrape_configs:
  - job_name: fds-api
    metrics_path: /metrics
    static_configs:
      - targets: ['fds-api:8000']
`
mkdirSync(`${home}/monitoring`, { recursive: true })
writeFileSync(`${home}/monitoring/docker-compose.monitoring.yml`, composeText)
writeFileSync(`${home}/monitoring/prometheus.yml`, prometheusText)
table(
  ['서비스', '이미지', '포트'],
  Object.entries((parse(composeText) as ComposeFile).services).map(([name, { image, ports }]) => [
    name,
    image ?? '이 저장소에서 빌드',
    ports?.join(', '),
  ]),
)

// %% mistake 4: 컨테이너 안의 localhost
composeText = `
services:
  prometheus:
    image: prom/prometheus:v3.15.0
    command: [--config.file=/etc/prometheus/prometheus.yml, --storage.tsdb.path=/prometheus]
    ports: ["127.0.0.1:9090:9090"]
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ./rules:/etc/prometheus/rules:ro
      - prometheus-data:/prometheus
  grafana:
    image: grafana/grafana:13.2.3
    ports: ["127.0.0.1:3000:3000"]
    environment: {GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/password}
    volumes:
      - grafana-data:/var/lib/grafana
      - ./grafana/provisioning:/etc/grafana/provisioning:ro
  fds-api:
    build: .
    ports: ["127.0.0.1:8000:8000"]
volumes:
  prometheus-data:
  grafana-data:
`
prometheusText = `
global: {scrape_interval: 15s}
rule_files: [rules/*.yml]
scrape_configs:
  - job_name: fds-api
    metrics_path: /metrics
    static_configs: [{targets: ['localhost:8000']}]
`

// %% checkpoint 4
{
  const compose: ComposeFile = parse(composeText)
  const { prometheus, grafana } = compose.services
  assert(
    prometheus !== undefined && grafana !== undefined && compose.services['fds-api'] !== undefined,
    '체크포인트 4: 서비스 셋(prometheus, grafana, fds-api)이 모두 있어야 합니다.',
  )
  assert.equal(
    compose.version,
    undefined,
    '체크포인트 4: version은 Compose가 쓰지 않는 줄입니다. 지우고 나머지도 고치십시오.',
  )
  for (const [name, { image }] of [
    ['prom/prometheus', prometheus],
    ['grafana/grafana', grafana],
  ] as const)
    assert.match(
      image ?? '',
      new RegExp(`^${name}:v?\\d+\\.\\d+`),
      `체크포인트 4: ${name} 이미지의 버전을 고정하십시오. latest는 내일 다른 버전이 됩니다.`,
    )
  for (const [name, { ports = [] }] of Object.entries(compose.services))
    assert(
      ports.length > 0 && ports.every((port) => String(port).startsWith('127.0.0.1:')),
      `체크포인트 4: ${name}의 포트가 없거나 모든 네트워크에 열려 있습니다. 127.0.0.1:로 시작하게 하십시오.`,
    )
  const mounts = (service: ComposeFile['services'][string]) =>
    (service.volumes ?? []).map((volume) => volume.split(':').slice(0, 2).join(':'))
  assert(
    mounts(prometheus).includes('prometheus-data:/prometheus') &&
      'prometheus-data' in (compose.volumes ?? {}),
    '체크포인트 4: Prometheus의 데이터가 볼륨에 없습니다. prometheus-data를 /prometheus에 붙이고 맨 아래에도 적으십시오.',
  )
  assert(
    (prometheus.command ?? []).includes('--config.file=/etc/prometheus/prometheus.yml') &&
      mounts(prometheus).includes('./prometheus.yml:/etc/prometheus/prometheus.yml'),
    '체크포인트 4: Prometheus가 prometheus.yml을 읽지 못합니다. command와 volumes의 경로를 보십시오.',
  )
  assert(
    mounts(prometheus).includes('./rules:/etc/prometheus/rules'),
    '체크포인트 4: 알림 규칙 폴더 ./rules를 Prometheus에 붙이십시오.',
  )
  const environment = JSON.stringify(grafana.environment ?? {})
  assert(
    environment.includes('GF_SECURITY_ADMIN_PASSWORD__FILE') && !/PASSWORD["=:]/.test(environment),
    '체크포인트 4: Grafana의 비밀번호가 파일에 적혀 있습니다. GF_SECURITY_ADMIN_PASSWORD__FILE로 바꾸십시오.',
  )
  assert(
    mounts(grafana).includes('./grafana/provisioning:/etc/grafana/provisioning') &&
      mounts(grafana).includes('grafana-data:/var/lib/grafana'),
    '체크포인트 4: Grafana의 프로비저닝 폴더와 데이터 볼륨을 붙이십시오.',
  )
  const { rule_files, scrape_configs } = parse(prometheusText)
  const [job] = scrape_configs ?? []
  const targets: string[] = job?.static_configs?.[0]?.targets ?? []
  assert(
    targets.every((target) => !/^(localhost|127\.)/.test(target)),
    '체크포인트 4: 컨테이너 안의 localhost는 Prometheus 자신입니다. 서비스 이름 fds-api를 대상으로 쓰십시오.',
  )
  assert.deepEqual(targets, ['fds-api:8000'], '체크포인트 4: 대상은 fds-api:8000 하나입니다.')
  assert.equal(
    job.job_name,
    'fds-api',
    '체크포인트 4: 작업 이름은 fds-api입니다. 알림 규칙이 이 이름을 씁니다.',
  )
  assert(
    Array.isArray(rule_files) && rule_files.some((file: string) => file.startsWith('rules/')),
    '체크포인트 4: prometheus.yml에 rule_files가 없습니다. 그래프만 있고 알림이 없습니다.',
  )
  console.log('✅ 체크포인트 4 통과: 버전, 포트, 비밀번호, 볼륨, 규칙, 수집 대상이 모두 맞습니다.')
}

// %% concept
/*
## 7. PromQL: 카운터는 기울기로 읽습니다

**왜 필요한가?** 대시보드에 `fds_requests_total`을 그대로 그렸습니다. 오른쪽으로 오르기만 하는 선입니다. 배포하던 날에는 0으로 뚝
떨어졌고, 누군가 "트래픽이 사라졌다"며 장애를 선언했습니다. 프로세스가 다시 떠서 카운터가 0부터 시작했을 뿐입니다.

카운터는 값이 아니라 **증가량**을 봅니다. 값이 줄면 Prometheus는 "다시 시작했구나" 하고 0부터 다시 더합니다.

| 함수 | 뜻 |
| --- | --- |
| `increase(x[5m])` | 5분 동안 늘어난 양. 다시 시작한 것을 보정합니다 |
| `rate(x[5m])` | 초당 늘어난 양 = `increase` ÷ 300초 |
| `sum by (status) (…)` | 다른 레이블을 접고 `status`별로 더합니다 |
| `histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))` | 분위수. **`le`를 남겨야** 합니다 |

순서가 중요합니다. **`rate`가 먼저, `sum`이 나중입니다.** 먼저 더하면 복제본 하나가 다시 떴을 때 합계가 줄고, `rate`는 나머지
복제본의 카운터까지 0부터 다시 더합니다. 분위수끼리는 더하거나 평균 낼 수 없습니다. 개수를 더한 뒤에 분위수를 냅니다.

**생각해 볼 질문.** 복제본 A의 p99가 10 ms, B의 p99가 500 ms일 때 둘의 평균 255 ms는 왜 아무것도 아닐까요?
*/

// %% example
// 복제본 하나가 네 번째 수집 전에 다시 떴습니다. 손으로 증가량을 구합니다.
const increaseOf = (values: readonly number[]) =>
  values
    .slice(1)
    .reduce((sum, value, at) => sum + (value < values[at]! ? value : value - values[at]!), 0)
const replicaA = [0, 40, 90, 10, 50, 80] // 90 다음에 다시 시작
const replicaB = [200, 220, 240, 260, 280, 300]
const together = replicaA.map((value, at) => value + replicaB[at]!)
await show(
  table(
    ['무엇을 더하나', '수집한 값', '증가량'],
    [
      ['A: 40 + 50 + 10 + 40 + 30', replicaA.join(' → '), increaseOf(replicaA)],
      ['B', replicaB.join(' → '), increaseOf(replicaB)],
      [
        'increase를 먼저, 합을 나중에 (맞음)',
        'A의 170 + B의 100',
        increaseOf(replicaA) + increaseOf(replicaB),
      ],
      ['합을 먼저, increase를 나중에 (틀림)', together.join(' → '), increaseOf(together)],
    ],
  ),
)
plot({
  title: '먼저 더하면 한 복제본의 재시작이 전체의 재시작으로 보입니다',
  subtitle: '늘어난 요청은 270건인데, 합친 선으로 계산하면 510건입니다',
  x: '수집 순서',
  places: replicaA.map((_, at) => String(at)),
  y: ['카운터 값', 0, 400],
  series: [
    { name: '복제본 A', line: replicaA, color: '#0072b2' },
    { name: '복제본 B', line: replicaB, color: '#009e73' },
    { name: '합계', line: together, color: '#d55e00' },
  ],
})

// %% example
// 살아 있는 서비스에 거래를 한 건씩 60번 보냅니다. 다섯은 JSON이 깨졌고, 다섯은 재시도입니다.
async function postPredict(body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${service.address}/predict`, { method: 'POST', headers, body })
  await response.text()
}
const fresh = recent.slice(0, 50).map(({ [SIMULATED_ROLES.label]: _, ...payment }, at) => ({
  ...payment,
  transaction_id: `one-${at}`,
}))
for (const payment of fresh) await postPredict(JSON.stringify(payment))
for (const payment of fresh.slice(0, 5)) await postPredict(JSON.stringify(payment))
for (let at = 0; at < 5; at++) await postPredict('{"amount": ')
await prometheus?.scraped()

/** 누적 개수에서 분위수를 냅니다: 2절의 quantileOf를 텍스트의 시계열에 씁니다. */
const quantileIn = (samples: readonly Sample[], name: string, q: number) =>
  quantileOf(
    q,
    pick(samples, `${name}_bucket`).map(({ labels, value }) => [
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
      value,
    ]),
  )
const requestsIn = (samples: readonly Sample[], labels: Record<string, string | RegExp>) =>
  sumOf(pick(samples, 'fds_requests_total', { endpoint: '/predict', ...labels }))
const questions: readonly (readonly [string, string, (samples: readonly Sample[]) => number])[] = [
  [
    '/predict 요청',
    'sum(fds_requests_total{endpoint="/predict"})',
    (samples) => requestsIn(samples, {}),
  ],
  [
    '그중 4xx',
    'sum(fds_requests_total{endpoint="/predict",status=~"4.."})',
    (samples) => requestsIn(samples, { status: /^4..$/ }),
  ],
  [
    '그중 5xx의 비율',
    'sum(fds_requests_total{endpoint="/predict",status=~"5.."}) / sum(fds_requests_total{endpoint="/predict"})',
    (samples) => requestsIn(samples, { status: /^5..$/ }) / requestsIn(samples, {}),
  ],
  [
    '전체 판정 (재시도는 한 번)',
    'sum(fds_predictions_total)',
    (samples) => sumOf(pick(samples, 'fds_predictions_total')),
  ],
  [
    '차단의 비율',
    'sum(fds_predictions_total{risk_level="block"}) / sum(fds_predictions_total)',
    (samples) => levelsOf(samples)['block']! / sumOf(pick(samples, 'fds_predictions_total')),
  ],
  ...[0.5, 0.95, 0.99].map(
    (q) =>
      [
        `사기 확률의 p${q * 100}`,
        `histogram_quantile(${q}, sum by (le) (fds_fraud_probability_bucket))`,
        (samples: readonly Sample[]) => quantileIn(samples, 'fds_fraud_probability', q),
      ] as const,
  ),
]
const answered: (readonly [string, string, number])[] = []
for (const [question, promql, byHand] of questions)
  answered.push([question, promql, await ask(promql, byHand)])
table(['물음', 'PromQL', '답'], answered)

// %% concept
/*
## 8. 대시보드와 알림: 사람은 그래프를 보고 있지 않습니다

**왜 필요한가?** "p99 > 200 ms면 알림"을 그대로 걸었더니, 요청이 세 건뿐인 새벽에 한 건이 느려서 전화가 왔습니다. 두 주 뒤 담당자는
알림 채널을 껐고, 그다음 주의 진짜 장애는 고객이 알려 주었습니다. **아무 때나 우는 알림은 없는 알림보다 나쁩니다.**

명세의 알림 셋을 이 시스템은 이렇게 씁니다. 조건마다 **지속 시간**(`for`)과 **최소 건수**가 붙습니다.

| 명세 | 규칙 | 심각도 | 어디로 |
| --- | --- | --- | --- |
| p99 > 200 ms | `FdsLatencyHigh`: 2분 지속, 5분 동안 100건 이상 | ticket | Slack |
| 에러율 > 1 % | `FdsErrorRateHigh`: 1분 지속, 실패 10건 이상 | page | PagerDuty와 Slack |
| 차단율 > 5 % | `FdsBlockRateHigh`: 2분 지속, 차단 10건 이상 | ticket | Slack |

그 위에 오류 예산(error budget)이 있습니다. 가용성 99.9 %를 약속하면 30일에 0.1 %까지 실패해도 됩니다. 한 시간에 그 14.4배로 쓰고
있으면 깨우고, 1배로 천천히 쓰고 있으면 근무 시간에 봅니다. 같은 목표의 page가 울리면 ticket은 조용해집니다.

대시보드는 네 줄입니다. **개요 → 위험 분포 → 지연 시간 → 알림.** 위에서 아래로 "괜찮은가, 무엇이 변했나, 왜인가"의 순서입니다. 손으로
그리지 않고 코드로 만들어([monitoring.ts](../../deploy/src/dashboards/monitoring.ts)) 저장소에 둡니다.

**생각해 볼 질문.** 알림 시스템 자체가 죽었다는 것은 무엇이 알려 줄 수 있을까요?
*/

// %% example
// 저장소의 대시보드 JSON을 읽어 배치를 그립니다. Grafana가 읽는 바로 그 파일입니다.
interface PanelFile extends PlannedPanel {
  readonly targets?: readonly { readonly expr: string }[]
}
const dashboard: { title: string; panels: PanelFile[] } = JSON.parse(
  readFileSync('../../deploy/grafana/dashboards/fds-monitoring.json', 'utf8'),
)
// 대시보드의 변수에 값을 넣으면 PromQL이 됩니다
const withValues = (expr: string) =>
  expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '1h')
    .replaceAll('$job', 'fds-api')
    .replaceAll('$instance', '.*')
if (prometheus !== undefined)
  for (const { expr } of dashboard.panels.flatMap(({ targets = [] }) => targets))
    await prometheus.query(withValues(expr)) // 읽을 수 없는 식이면 오류가 납니다
await show(
  table(
    ['패널', 'PromQL (변수를 채운 것)'],
    dashboard.panels
      .filter(
        ({ title, targets }) => targets?.length && /에러율 \(|위험 등급 비율|차단율/.test(title),
      )
      .map(({ title, targets }) => [title, withValues(targets![0]!.expr)]),
  ),
)
dashboardPicture(dashboard.title, dashboard.panels)

// %% example
// 명세의 알림 셋이 언제 울리고 언제 조용한지, 규칙의 테스트 파일이 말해 줍니다.
interface RuleFile {
  groups: {
    rules: { alert?: string; expr: string; for?: string; labels?: Record<string, string> }[]
  }[]
}
interface RuleTests {
  tests: { name: string }[]
}
const readYaml = (path: string) => parse(readFileSync(`../../deploy/prometheus/${path}`, 'utf8'))
const ALERTS = [
  [
    'latency',
    'FdsLatencyHigh',
    'p99 > 200 ms',
    '100건 중 5건이 0.25초를 넘음',
    '100건이 모두 0.2초 안',
  ],
  [
    'availability',
    'FdsErrorRateHigh',
    '에러율 > 1 %',
    '분당 1,000건 중 20건이 503',
    '분당 1,000건 중 8건이 503',
  ],
  [
    'model',
    'FdsBlockRateHigh',
    '차단율 > 5 %',
    '분당 100건 중 8건이 차단',
    '분당 100건 중 4건이 차단',
  ],
] as const
const alertRows = ALERTS.map(([file, name, condition, fires, silent]) => {
  const { groups } = readYaml(`rules/fds-${file}.yml`) as RuleFile
  const rule = groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === name)!
  const { tests } = readYaml(`tests/fds-${file}.yml`) as RuleTests
  const cases = tests.filter(({ name: words }) => words.startsWith(`${name} `)).length
  return [condition, name, rule.for, rule.labels!['severity'], fires, silent, cases]
})
table(['명세', '규칙', '지속', '심각도', '울리는 경우', '조용한 경우', '테스트 수'], alertRows)

// %% exercise 5
/*
### 실습 5. Grafana 대시보드 구성

명세의 네 줄로 대시보드를 만듭니다. 패널의 배치는 적어 두었습니다. **PromQL 네 개와 기준 세 개**를 채우십시오.

- 에러율: `/predict`의 5xx 비율. `fds_requests_total`, 창은 `[5m]`
- 위험 등급 비율: 고른 기간(`[$__range]`)의 등급별 판정 수
- p99 지연 시간: `/predict`의 0.99 분위수, 창은 `[5m]`
- 차단율: 판정 중 `block`의 비율, 창은 `[5m]`
- 기준: p99 200 ms, 에러율 1 %, 차단율 5 %. 단위는 패널과 같습니다(초와 비율).

**힌트.** 비율은 `sum(rate(…)) / sum(rate(…))`입니다. 7절의 표에서 분위수의 모양을 보십시오. 상태 코드는 정규식 `status=~"5.."`로 고릅니다.
*/

// %% todo 5
interface Panel extends PlannedPanel {
  readonly unit: string
  readonly expr: string
  /** 이 값부터 빨간색입니다. */
  readonly limit?: number
}
const place = (x: number, y: number, w: number, h = 4) => ({ x, y, w, h })
const rowAt = (title: string, y: number): PlannedPanel => ({
  title,
  type: 'row',
  gridPos: place(0, y, 24, 1),
})

let expressions = {
  errorRate: TODO as string, // TODO: 5xx의 비율
  riskLevels: TODO as string, // TODO: 등급별 판정 수
  p99: TODO as string, // TODO: 0.99 분위수
  blockRate: TODO as string, // TODO: 차단의 비율
}
let limits = {
  p99: TODO as number, // TODO: 초
  errorRate: TODO as number, // TODO: 비율
  blockRate: TODO as number, // TODO: 비율
}

const panelsOf = (): (PlannedPanel | Panel)[] => [
  rowAt('개요', 0),
  {
    title: '총 요청 수',
    type: 'stat',
    unit: 'short',
    expr: 'sum(increase(fds_requests_total{endpoint="/predict"}[$__range]))',
    gridPos: place(0, 1, 8),
  },
  {
    title: '에러율',
    type: 'stat',
    unit: 'percentunit',
    expr: expressions.errorRate,
    limit: limits.errorRate,
    gridPos: place(8, 1, 8),
  },
  {
    title: '처리 중인 요청',
    type: 'stat',
    unit: 'short',
    expr: 'sum(fds_active_requests)',
    gridPos: place(16, 1, 8),
  },
  rowAt('위험 분포', 5),
  {
    title: '위험 등급 비율',
    type: 'piechart',
    unit: 'short',
    expr: expressions.riskLevels,
    gridPos: place(0, 6, 12, 6),
  },
  {
    title: '사기 확률 분포',
    type: 'bargauge',
    unit: 'short',
    expr: 'sum by (le) (increase(fds_fraud_probability_bucket[$__range]))',
    gridPos: place(12, 6, 12, 6),
  },
  rowAt('지연 시간', 12),
  {
    title: 'p99 지연 시간',
    type: 'timeseries',
    unit: 's',
    expr: expressions.p99,
    limit: limits.p99,
    gridPos: place(0, 13, 24, 6),
  },
  rowAt('알림', 19),
  {
    title: '차단율 > 5 %',
    type: 'stat',
    unit: 'percentunit',
    expr: expressions.blockRate,
    limit: limits.blockRate,
    gridPos: place(0, 20, 12),
  },
  {
    title: '발생 중인 알림',
    type: 'alertlist',
    unit: 'short',
    expr: 'count(ALERTS{alertstate="firing"}) or vector(0)',
    gridPos: place(12, 20, 12),
  },
]

// %% solution 5
// 정답 5
expressions = {
  errorRate:
    'sum(rate(fds_requests_total{endpoint="/predict",status=~"5.."}[5m])) / sum(rate(fds_requests_total{endpoint="/predict"}[5m]))',
  riskLevels: 'sum by (risk_level) (increase(fds_predictions_total[$__range]))',
  p99: 'histogram_quantile(0.99, sum by (le) (rate(fds_latency_seconds_bucket{endpoint="/predict"}[5m])))',
  blockRate:
    'sum(rate(fds_predictions_total{risk_level="block"}[5m])) / sum(rate(fds_predictions_total[5m]))',
}
limits = { p99: 0.2, errorRate: 0.01, blockRate: 0.05 }
await show(
  table(
    ['패널', 'PromQL'],
    [
      ['에러율', expressions.errorRate],
      ['위험 등급 비율', expressions.riskLevels],
      ['p99 지연 시간', expressions.p99],
      ['차단율', expressions.blockRate],
    ],
  ),
)
dashboardPicture('내가 만든 FDS 대시보드', panelsOf())

// %% mistake 5: le를 남기지
expressions = {
  errorRate:
    'sum(rate(fds_requests_total{endpoint="/predict",status=~"5.."}[5m])) / sum(rate(fds_requests_total{endpoint="/predict"}[5m]))',
  riskLevels: 'sum by (risk_level) (increase(fds_predictions_total[$__range]))',
  p99: 'histogram_quantile(0.99, sum(rate(fds_latency_seconds_bucket{endpoint="/predict"}[5m])))',
  blockRate:
    'sum(rate(fds_predictions_total{risk_level="block"}[5m])) / sum(rate(fds_predictions_total[5m]))',
}
limits = { p99: 0.2, errorRate: 0.01, blockRate: 0.05 }

// %% checkpoint 5
{
  const blank = Object.entries({ ...expressions, ...limits }).find(
    ([, value]) => value === undefined,
  )
  assert.equal(
    blank,
    undefined,
    `체크포인트 5: ${blank?.[0]}에 빈칸이 남았습니다. TODO를 채우십시오.`,
  )
  const { errorRate, riskLevels, p99, blockRate } = Object.fromEntries(
    Object.entries(expressions).map(([name, expr]) => [name, expr.replace(/\s+/g, ' ')]),
  ) as typeof expressions
  for (const [name, expr] of Object.entries({ errorRate, riskLevels, p99, blockRate })) {
    assert(
      !/(rate|increase)\s*\(\s*sum/.test(expr),
      `체크포인트 5: ${name}에서 sum이 rate보다 먼저입니다. rate를 먼저, sum을 나중에 쓰십시오.`,
    )
    assert.match(
      expr,
      /\b(rate|increase)\s*\(/,
      `체크포인트 5: ${name}이 카운터의 값을 그대로 씁니다. rate나 increase로 증가량을 보십시오.`,
    )
  }
  for (const [name, expr, part] of [
    ['errorRate', errorRate, /status=~"5(\.\.|\.\*|\d+)/],
    ['blockRate', blockRate, /risk_level="block"/],
  ] as const) {
    const [above = '', below = ''] = expr.split(/\)\s*\/\s*(?=\(?\s*sum)/)
    assert(
      part.test(above) && below !== '' && !part.test(below),
      `체크포인트 5: ${name}은 비율입니다. 분자에서만 고르고(${part.source}), 분모는 전체여야 합니다.`,
    )
  }
  assert(
    errorRate.includes('fds_requests_total') && blockRate.includes('fds_predictions_total'),
    '체크포인트 5: 에러율은 fds_requests_total, 차단율은 fds_predictions_total에서 구합니다.',
  )
  assert.match(
    riskLevels,
    /by ?\( ?risk_level ?\).*fds_predictions_total|fds_predictions_total.*by ?\( ?risk_level ?\)/,
    '체크포인트 5: 등급별로 나누려면 sum by (risk_level)이 필요합니다.',
  )
  assert(
    /histogram_quantile\( ?0?\.99/.test(p99) && p99.includes('fds_latency_seconds_bucket'),
    '체크포인트 5: p99는 histogram_quantile(0.99, …)에 fds_latency_seconds_bucket을 넣어 구합니다.',
  )
  assert.match(
    p99,
    /by ?\([^)]*\ble\b[^)]*\)/,
    '체크포인트 5: p99의 sum이 le를 남기지 않습니다. sum by (le)로 쓰지 않으면 구간이 사라져 분위수를 낼 수 없습니다.',
  )
  assert.deepEqual(
    limits,
    { p99: 0.2, errorRate: 0.01, blockRate: 0.05 },
    '체크포인트 5: 기준의 단위를 보십시오. p99는 초(0.2), 에러율과 차단율은 비율(0.01, 0.05)입니다.',
  )
  // Prometheus가 있으면 모든 패널을 실제로 물어봅니다
  if (prometheus !== undefined)
    for (const panel of panelsOf())
      if ('expr' in panel) {
        const rows = await prometheus.query(withValues(panel.expr))
        assert(rows.length > 0, `체크포인트 5: '${panel.title}'이 아무 시계열도 찾지 못했습니다.`)
      }
  const rows = panelsOf().filter(({ type }) => type === 'row')
  prometheus?.stop()
  console.log(
    `✅ 체크포인트 5 통과: ${rows.map(({ title }) => title).join(', ')} 네 줄의 대시보드가 섰고, p99는 le를 남겨 구합니다.`,
  )
}

// %% summary
/*
## 정리

- 카운터는 기울기로, 게이지는 값으로, 히스토그램은 분위수로 읽습니다. 목표로 삼은 값(0.2초)은 반드시 경계여야 합니다.
- 레이블은 곱해집니다. 호출자가 만들 수 있는 값은 레이블이 아닙니다.
- 세는 일은 라우트 바깥, 응답이 닫히는 자리에서 합니다. 실패와 떠난 고객도 셉니다.
- 200만 보면 모델의 사고가 보이지 않습니다. 등급, 확률 분포, PSI를 셉니다. 재시도는 한 번만 셉니다.
- Prometheus가 가져가고, 규칙이 판단하고, Alertmanager가 나눠 보냅니다. 대시보드와 규칙은 코드로 만들고 테스트합니다.

### 생각해 볼 질문의 답

1. **게이지로 된 "지난 1분의 요청 수".** 수집을 한 번 놓치면 그 사이의 값은 영원히 사라집니다. 5분이나 하루의 합도 낼 수 없습니다. 카운터는
   한 번 놓쳐도 다음 수집의 차이에 다 들어 있고, 창의 길이를 물을 때 고를 수 있습니다.
2. **경계 1,000개.** 경계 하나가 시계열 하나입니다. 엔드포인트가 열 개면 1만 개가 넘고, 대시보드를 열 때마다 그것을 모두 읽습니다. 필요한 곳,
   곧 목표의 앞뒤에 경계를 몇 개 더 두는 편이 낫습니다.
3. **`customer_id` 레이블과 개인정보.** Prometheus에는 행 단위의 접근 제어와 삭제가 사실상 없습니다. 파기 요청이 와도 지우기 어렵고,
   대시보드를 볼 수 있는 사람은 모두 봅니다.
4. **404와 분모.** 스캐너가 늘면 분모가 커져 에러율이 낮아집니다. 장애가 묻힙니다. 그래서 규칙의 분모는
   `/predict`, `/predict/batch`, `/labels`뿐입니다([selectors.ts](../../deploy/src/rules/selectors.ts)).
5. **차단 건수와 비율.** 비율은 트래픽이 늘어도 같으므로 낮과 밤에 같은 기준을 씁니다. 대신 거래 세 건 중 하나만 막아도 33 %가 됩니다.
   그래서 최소 건수 10건이 함께 있습니다.
6. **분산기 하나만 긁으면.** 한 번은 A, 한 번은 B의 카운터를 읽어 값이 오르내립니다. Prometheus는 줄 때마다 재시작으로 보고 더하므로 `rate`가
   부풀어 오릅니다. 그래서 복제본마다 주소를 찾아(DNS) 따로 긁습니다.
7. **p99의 평균.** 요청의 99.9 %가 A로 갔다면 전체의 p99는 10 ms 근처이고, 반씩 갔다면 500 ms에 가깝습니다. 평균은 트래픽의
   비중을 모릅니다. 개수를 `sum by (le)`로 더한 뒤에 한 번만 분위수를 냅니다.
8. **알림 시스템의 죽음.** 늘 울리는 알림 `Watchdog`을 1분마다 바깥의 감시기(dead-man's switch)로 보냅니다. 그 신호가 **끊기면** 바깥이
   사람을 부릅니다.

### 면접 포인트

**Q: "모니터링 지표는 어떻게 설계했나요?"**

> 3층으로 나눴습니다. 1층은 요청입니다. 총 요청 수, 지연 시간, 에러율을 라우트 패턴과 상태 코드별로 셉니다. 2층은 비즈니스입니다. 위험 등급별 판정,
> 사기 확률 분포, 컬럼별 PSI, 라벨이 들어오는 속도까지 봅니다. 3층은 시스템입니다. 모델 로드 시간, 처리 중인 요청, 로그 커밋 시간입니다.
> 이렇게 나눈 까닭이 있습니다. 거리 단위가 km에서 m로 바뀐 사고를 재현했더니 요청은 모두 200이었는데 승인이 아닌 판정은 2,000건 중 21건에서 87건으로
> 늘었고, PSI가 거리 컬럼을 바로 가리켰습니다. 메트릭 이름과 경계, 레이블은 한 곳에 모아 문서까지 만들어 냅니다
> ([metrics.ts](../../src/serving/telemetry/metrics.ts)).

**Q: "SLA 위반은 어떻게 감지하나요?"**

> p99 지연이 200 ms를 2분 동안 넘으면 Slack으로, 에러율이 1 %를 1분 동안 넘으면 PagerDuty로 갑니다. 요청이 적을 때 한 건에 울리지 않도록 최소
> 건수를 함께 겁니다. 그 위에 오류 예산의 소진 속도를 두 창으로 봅니다. 한 시간에 14.4배로 쓰면 깨우고, 사흘에 걸쳐 1배로 쓰면 티켓입니다.
> 히스토그램에 0.2초 경계를 둔 것도 이 때문입니다. 명세의 경계로는 모두 110 ms인 정상 상태의 p99가 248 ms로 계산됩니다. 규칙은 코드로 만들고
> ([objectives.ts](../../deploy/src/rules/objectives.ts)) 울려야 할 때와 조용해야 할 때를 promtool과 실제 Prometheus로 시험합니다.
> 평소 실측은 초당 34,000건의 절반 부하에서 중앙값 0.7 ms, p99 3.8~4.7 ms입니다([numbers.md](../../docs/numbers.md)).

**Q: "카디널리티 문제를 겪어 봤나요? 어떻게 막나요?"**

> 레이블 하나가 곱으로 늘어납니다. 거래 10만 건에 `transaction_id`를 붙이면 지연 히스토그램 하나가 시계열 140만 개입니다. 저희는 규칙을
> 테스트로 지킵니다. 모든 레이블에 값의 최대 개수를 적고, 모든 라우트에 아무 글자나 보낸 뒤 시계열이 2,000개 미만이고 호출자가 쓴 글자가
> 하나도 없는지 확인합니다([cardinality.test.ts](../../src/serving/telemetry/cardinality.test.ts)).

**Q: "워커나 복제본이 여러 개면 메트릭은 어떻게 합치나요?"**

> 명세는 `PROMETHEUS_MULTIPROC_DIR`의 파일로 합칩니다. 저희는 어느 워커가 `/metrics` 요청을 받든 모든 워커의 값을 모아 한 번에 답합니다. 카운터와
> 히스토그램은 더하고, 시각이나 버전은 최댓값이나 최솟값을 씁니다. 죽은 워커의 카운트도 남겨서 합계가 줄지 않습니다
> ([metrics-hub.ts](../../src/serving/telemetry/metrics-hub.ts)). 복제본끼리는 Prometheus가 따로 긁고 `sum by`로 더합니다. PSI처럼 더할 수
> 없는 것은 구간별 개수를 내보내고 합친 뒤에 계산합니다.

**Q: "메트릭을 세는 비용은 얼마나 되나요?"**

> 클라이언트 라이브러리는 부를 때마다 레이블을 문자열로 찾습니다. 요청 경로에서는 자식을 한 번 찾아 들고 있다가 숫자만 올리도록 바꿨고, 라이브러리의
> 방식은 열 배가 들었습니다([hot-metrics.ts](../../src/serving/telemetry/hot-metrics.ts)). 드리프트 구간을 세는 데는 판정 하나에 0.3 µs입니다.

**Q: "알림이 너무 많으면 어떻게 하나요?"**

> 심각도를 행동으로 나눕니다. page는 지금 일어나야 하는 것, ticket은 근무 시간에 볼 것, info는 대시보드에만 둡니다. 같은 목표의 page가 울리면 ticket은
> 막고, 서비스 전체가 죽었으면 트래픽 알림도 막습니다. 알림마다 [런북](../../docs/runbook.md)에 볼 것과 할 일이 있고, 런북에 없는 알림은 만들 수
> 없게 테스트로 막았습니다.

### 다음으로

여섯 노트북을 마쳤습니다. 전체를 한 흐름으로 되짚으려면 처음의 [2-1 MLflow 추적](2-1_mlflow_tracking.ipynb)으로 돌아가거나,
[면접 어필 포인트 총정리](../interview.ko.md)에서 여덟 물음에 소리 내어 답해 보십시오.
*/
