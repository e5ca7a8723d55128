import { assemble, labelVariable } from './assemble.ts'
import type { Band } from './panel.ts'
import { bars, comparison, stat, timeSeries } from './panels.ts'
import { JOB, quantile, SCOPE } from './query.ts'

/** How far live traffic has moved from the champion's training data. */
export function driftDashboard() {
  return assemble({
    uid: 'fds-drift',
    title: 'FDS 데이터 드리프트 (Data Drift)',
    description: '챔피언의 학습 데이터와 실시간 트래픽의 분포 차이(PSI)를 모든 인스턴스를 합쳐 봅니다.',
    from: 'now-6h',
    refresh: '1m',
    variables: [
      labelVariable({
        name: 'feature',
        label: '변수 (feature)',
        query: `label_values(fds_drift_bin_total{${JOB}}, feature)`,
        first: SCORE,
      }),
    ],
    rows: [
      { title: '요약 (Summary)', panels: summary() },
      { title: '변수별 PSI (PSI by Feature)', panels: byFeature() },
      { title: '점수 분포 (Score Distribution)', panels: scores() },
      { title: '선택한 변수: $feature (Selected Feature)', panels: selected() },
    ],
  })
}

/** The name that the score has among the features. */
const SCORE = 'score'
/** The field's bands of the population stability index. */
const WATCH = 0.1
const DRIFT = 0.25
const BANDS: readonly Band[] = [
  [null, 'green'],
  [WATCH, 'yellow'],
  [DRIFT, 'red'],
]
/** Below so many transactions the index is mostly noise, and is not worked out. */
const LEAST_TRANSACTIONS = 500

/** The fleet's index over the last hour, which the rules work out from the bins of all instances. */
const psi = (matchers: string) => `max by (feature) (fds:drift_psi:1h{${matchers}})`
const COLUMNS = `${JOB},feature!="${SCORE}"`
const NOTHING = `최근 1시간 거래 ${LEAST_TRANSACTIONS}건 미만`

function summary() {
  return [
    stat({
      title: '최대 변수 PSI (Max Feature PSI)',
      description:
        '모든 인스턴스를 합친 최근 1시간 PSI 중 가장 큰 값입니다. 0.1부터 관찰, 0.25부터 재학습을 검토합니다.',
      unit: 'none',
      decimals: 3,
      width: 6,
      bands: BANDS,
      nothing: NOTHING,
      queries: [{ expr: `max(fds:drift_psi:1h{${COLUMNS}})`, legend: '최대 PSI' }],
    }),
    stat({
      title: '점수 PSI (Score PSI)',
      description: '모델 점수 분포의 최근 1시간 PSI입니다. 크면 임계값이 학습 때와 다른 비율로 걸립니다.',
      unit: 'none',
      decimals: 3,
      width: 6,
      bands: BANDS,
      nothing: NOTHING,
      queries: [{ expr: `max(fds:drift_psi:1h{${JOB},feature="${SCORE}"})`, legend: '점수 PSI' }],
    }),
    stat({
      title: '드리프트 변수 수 (Drifted Features)',
      description: 'PSI가 0.25를 넘는 변수의 수입니다. 하나라도 있으면 데이터 경로부터 확인합니다.',
      unit: 'short',
      decimals: 0,
      width: 6,
      bands: [
        [null, 'green'],
        [1, 'red'],
      ],
      queries: [{ expr: `count(${psi(COLUMNS)} > ${DRIFT}) or vector(0)`, legend: '변수' }],
    }),
    stat({
      title: '비교한 거래 수 (Transactions Compared)',
      description: `최근 1시간에 구간별로 센 거래 수입니다. ${LEAST_TRANSACTIONS}건 미만이면 PSI는 잡음이라 계산하지 않습니다.`,
      unit: 'short',
      decimals: 0,
      width: 6,
      bands: [
        [null, 'yellow'],
        [LEAST_TRANSACTIONS, 'green'],
      ],
      queries: [{ expr: `max(fds:drift_transactions:increase1h{${JOB}})`, legend: '거래' }],
    }),
  ]
}

function byFeature() {
  return [
    bars(
      {
        title: '변수별 현재 PSI (Current PSI)',
        description: '변수별 최근 1시간 PSI를 큰 순서로 보여 줍니다. 노랑은 0.1, 빨강은 0.25 이상입니다.',
        unit: 'none',
        decimals: 3,
        width: 10,
        height: 14,
        min: 0,
        max: 0.5,
        bands: BANDS,
        nothing: NOTHING,
        queries: [{ expr: `sort_desc(${psi(JOB)})`, legend: '{{feature}}', instant: true }],
      },
      'lying',
    ),
    timeSeries({
      title: '변수별 PSI 추이 (PSI over Time)',
      description:
        '변수별 최근 1시간 PSI의 추이입니다. 갑자기 뛰면 데이터 오류, 천천히 오르면 고객이나 사기 유형의 변화를 의심합니다.',
      unit: 'none',
      decimals: 3,
      width: 14,
      height: 14,
      min: 0,
      bands: BANDS,
      nothing: NOTHING,
      queries: [{ expr: psi(JOB), legend: '{{feature}}' }],
    }),
  ]
}

function scores() {
  const line = (q: number, legend: string) => ({
    expr: quantile(q, 'fds_fraud_probability', SCOPE, '15m'),
    legend,
  })
  return [
    distribution(
      SCORE,
      '기준 대비 점수 분포 (Scores vs Reference)',
      '점수 구간별 비율을 학습 데이터와 비교합니다. 구간은 학습 데이터의 십분위이고 missing은 결측입니다.',
    ),
    timeSeries({
      title: '사기 확률 분위수 (Probability Quantiles)',
      description:
        '최근 15분 사기 확률의 중앙값과 상위 분위수입니다. 기준 분포가 없는 모델에서도 점수 이동을 볼 수 있습니다.',
      unit: 'percentunit',
      width: 12,
      height: 10,
      min: 0,
      max: 1,
      queries: [line(0.5, 'p50'), line(0.9, 'p90'), line(0.99, 'p99')],
    }),
  ]
}

function selected() {
  return [
    distribution(
      '$feature',
      '기준 대비 변수 분포 (Feature vs Reference)',
      '선택한 변수의 구간별 비율을 학습 데이터와 비교합니다. 어느 구간이 늘고 줄었는지 확인합니다.',
    ),
    timeSeries({
      title: '인스턴스별 PSI (PSI by Instance)',
      description:
        '선택한 변수의 인스턴스별 PSI입니다. 한 인스턴스만 높으면 데이터보다 라우팅이나 배포를 의심합니다.',
      unit: 'none',
      decimals: 3,
      width: 12,
      height: 10,
      min: 0,
      bands: BANDS,
      nothing: NOTHING,
      queries: [
        {
          expr: `max by (instance, feature) (fds_drift_psi{${SCOPE},feature="$feature"})`,
          legend: '{{instance}} {{feature}}',
        },
      ],
    }),
  ]
}

function distribution(feature: string, title: string, description: string) {
  const matchers = `${JOB},feature="${feature}"`
  const reference = `fds:drift_reference:ratio{${matchers}}`
  // after a promotion the bins of the version before are still counted in the last hour
  const live = `fds:drift_bins:ratio1h{${matchers}} and on (job, feature, version, bin) ${reference}`
  return comparison(
    {
      title,
      description,
      unit: 'percentunit',
      width: 12,
      height: 10,
      min: 0,
      queries: [
        { expr: inOrder(reference), legend: '학습 데이터 (Reference)', instant: true, format: 'table' },
        { expr: inOrder(live), legend: '최근 1시간 (Live)', instant: true, format: 'table' },
      ],
    },
    'bin',
  )
}

/** By bin, of two digits, so that the order of texts is that of numbers. */
function inOrder(bins: string): string {
  return `label_replace(max by (bin) (${bins}), "bin", "0$1", "bin", "(\\\\d)")`
}
