import { assemble } from './assemble.ts'
import { redFrom } from './panel.ts'
import { alertList, bars, heatMap, pie, stat, timeSeries } from './panels.ts'
import { mean, ONE_DECISION, quantile, rate, SCOPE, WORK } from './query.ts'

/** The dashboard that the specification draws: overview, risk, latency, alerts. */
export function monitoringDashboard() {
  return assemble({
    uid: 'fds-monitoring',
    title: 'FDS 모니터링 (FDS Monitoring Dashboard)',
    description: '이상거래 탐지 API의 요청, 위험 등급, 지연 시간, 알림을 한눈에 봅니다.',
    from: 'now-1h',
    refresh: '15s',
    rows: [
      { title: '개요 (Overview)', panels: overview() },
      { title: '위험 분포 (Risk Distribution)', panels: risk() },
      { title: '지연 시간 (Latency)', panels: latency() },
      { title: '알림 (Alerts)', panels: alerts() },
    ],
  })
}

/** The objectives of the specification, as the alert rules have them. */
const P99_LIMIT_SECONDS = 0.2
const ERROR_LIMIT = 0.01
const BLOCK_LIMIT = 0.05
/** The alert rules look back this far too. */
const ALERT_WINDOW = '5m'

function overview() {
  const requests = `sum(increase(fds_requests_total{${WORK}}[$__range]))`
  return [
    stat({
      title: '총 요청 수 (Total Requests)',
      description: '선택한 기간에 응답한 업무 요청 수입니다. /predict, /predict/batch, /labels를 합칩니다.',
      unit: 'short',
      decimals: 0,
      width: 6,
      queries: [{ expr: requests, legend: '요청', instant: true }],
    }),
    stat({
      title: '평균 지연 시간 (Avg Latency)',
      description:
        '/predict 요청의 도착부터 응답 완료까지 걸린 평균 시간입니다. 목표는 p99 200 ms 이하입니다.',
      unit: 's',
      width: 6,
      bands: [
        [null, 'green'],
        [0.05, 'yellow'],
        [P99_LIMIT_SECONDS, 'red'],
      ],
      queries: [{ expr: mean('fds_latency_seconds', ONE_DECISION), legend: '평균' }],
    }),
    stat({
      title: '에러율 (Error Rate)',
      description: '업무 요청 중 5xx 응답의 비율입니다. 과부하로 거절한 503도 포함합니다.',
      unit: 'percentunit',
      decimals: 2,
      width: 6,
      bands: redFrom(ERROR_LIMIT),
      queries: [{ expr: errorRate('$__rate_interval'), legend: '에러율' }],
    }),
    stat({
      title: '처리 중인 요청 (Active Requests)',
      description:
        '지금 처리 중인 요청 수입니다. 메트릭 수집 요청도 하나로 셉니다. 계속 늘면 처리량이 유입량을 따라가지 못하는 상태입니다.',
      unit: 'short',
      decimals: 0,
      width: 6,
      queries: [{ expr: `sum(fds_active_requests{${SCOPE}})`, legend: '처리 중' }],
    }),
    timeSeries({
      title: '상태 코드별 초당 요청 수 (Requests by Status)',
      description: '업무 요청의 초당 응답 수를 HTTP 상태 코드별로 쌓아 보여 줍니다.',
      unit: 'reqps',
      width: 24,
      height: 7,
      stacked: true,
      queries: [{ expr: `sum by (status) (${rate(`fds_requests_total{${WORK}}`)})`, legend: '{{status}}' }],
    }),
  ]
}

const RISK_LEVELS = {
  approve: { name: '승인 (Approve)', color: 'green' },
  verify: { name: '추가 인증 (Verify)', color: 'yellow' },
  hold: { name: '보류 (Hold)', color: 'orange' },
  block: { name: '차단 (Block)', color: 'red' },
}

function risk() {
  const byLevel = (change: string) => `sum by (risk_level) (${change})`
  const predictions = `fds_predictions_total{${SCOPE}}`
  return [
    pie({
      title: '위험 등급 비율 (Approve/Verify/Hold/Block)',
      description: '선택한 기간에 내린 결정의 등급별 비율입니다. 같은 거래 번호의 재요청은 한 번만 셉니다.',
      unit: 'short',
      decimals: 0,
      width: 8,
      series: RISK_LEVELS,
      queries: [
        { expr: byLevel(`increase(${predictions}[$__range])`), legend: '{{risk_level}}', instant: true },
      ],
    }),
    bars(
      {
        title: '사기 확률 분포 (Fraud Probability)',
        description:
          '선택한 기간에 내린 결정의 사기 확률 히스토그램입니다. 이름은 0.1 폭 구간의 상한(le)입니다.',
        unit: 'short',
        decimals: 0,
        width: 8,
        min: 0,
        queries: [
          {
            // no probability is above 1, so the last bucket would be an empty bar
            expr: `sum by (le) (increase(fds_fraud_probability_bucket{${SCOPE},le!="+Inf"}[$__range]))`,
            legend: '{{le}}',
            instant: true,
            format: 'buckets',
          },
        ],
      },
      'upright',
    ),
    timeSeries({
      title: '위험 등급별 초당 결정 수 (Decisions by Risk)',
      description:
        '등급별 결정 추이입니다. 차단이나 보류만 늘면 공격, 모두 함께 변하면 유입량 변화를 먼저 의심합니다.',
      unit: 'ops',
      width: 8,
      stacked: true,
      series: RISK_LEVELS,
      queries: [{ expr: byLevel(rate(predictions)), legend: '{{risk_level}}' }],
    }),
  ]
}

function latency() {
  const line = (q: number, legend: string) => ({
    expr: quantile(q, 'fds_latency_seconds', ONE_DECISION),
    legend,
  })
  return [
    timeSeries({
      title: 'p50/p95/p99 지연 시간 (Latency Percentiles)',
      description: '/predict 지연 시간의 백분위수입니다. 점선은 p99 목표인 200 ms입니다.',
      unit: 's',
      width: 12,
      min: 0,
      bands: redFrom(P99_LIMIT_SECONDS),
      queries: [line(0.5, 'p50'), line(0.95, 'p95'), line(0.99, 'p99')],
    }),
    heatMap({
      title: '지연 시간 히트맵 (Latency Heatmap)',
      description:
        '시간에 따라 어느 지연 구간에 요청이 몰리는지 보여 줍니다. 띠가 둘로 갈라지면 느린 경로가 따로 있는 것입니다.',
      unit: 's',
      width: 12,
      queries: [
        {
          expr: `sum by (le) (increase(fds_latency_seconds_bucket{${ONE_DECISION}}[$__rate_interval]))`,
          legend: '{{le}}',
          format: 'buckets',
        },
      ],
    }),
  ]
}

function alerts() {
  const predictions = (matchers: string) => `sum(${rate(`fds_predictions_total{${matchers}}`, ALERT_WINDOW)})`
  const blocked = `${predictions(`${SCOPE},risk_level="block"`)} / (${predictions(SCOPE)} > 0)`
  const firing = (severity: string) => ({
    expr: `count(ALERTS{alertstate="firing",severity="${severity}"}) or vector(0)`,
    legend: severity,
  })
  return [
    stat({
      title: 'p99 > 200 ms (SLA 위반)',
      description:
        '최근 5분의 /predict p99 지연 시간입니다. 200 ms를 넘으면 SLA 위반이며 Slack으로 알립니다.',
      unit: 's',
      width: 8,
      bands: redFrom(P99_LIMIT_SECONDS),
      queries: [{ expr: quantile(0.99, 'fds_latency_seconds', ONE_DECISION, ALERT_WINDOW), legend: 'p99' }],
    }),
    stat({
      title: '에러율 > 1 % (Error Rate)',
      description: '최근 5분의 5xx 응답 비율입니다. 1 %를 넘으면 PagerDuty로 호출합니다.',
      unit: 'percentunit',
      decimals: 2,
      width: 8,
      bands: redFrom(ERROR_LIMIT),
      queries: [{ expr: errorRate(ALERT_WINDOW), legend: '에러율' }],
    }),
    stat({
      title: '차단율 > 5 % (Block Rate, 사기 급증)',
      description: '최근 5분의 결정 중 차단 비율입니다. 5 %를 넘으면 사기 급증이거나 모델·데이터 이상입니다.',
      unit: 'percentunit',
      decimals: 2,
      width: 8,
      bands: redFrom(BLOCK_LIMIT),
      queries: [{ expr: blocked, legend: '차단율' }],
    }),
    alertList({
      title: '발생 중이거나 대기 중인 알림 (Alert List)',
      description:
        'Prometheus 규칙의 firing, pending 알림입니다. 조치 방법은 각 알림의 runbook_url에 있습니다.',
      width: 12,
    }),
    timeSeries({
      title: '발생 중인 알림 수 (Firing Alerts)',
      description: '심각도별로 지금 발생 중인 알림 수입니다. page는 즉시, ticket은 근무 시간에 처리합니다.',
      unit: 'short',
      decimals: 0,
      min: 0,
      width: 12,
      series: { page: { color: 'red' }, ticket: { color: 'orange' } },
      queries: [firing('page'), firing('ticket')],
    }),
  ]
}

function errorRate(window: string): string {
  const requests = (matchers: string) => `sum(${rate(`fds_requests_total{${matchers}}`, window)})`
  return `${requests(`${WORK},status=~"5.."`)} / (${requests(WORK)} > 0)`
}
