import { redFrom } from './panel.ts'
import { stat, timeSeries } from './panels.ts'
import { mean, quantile, rate, SCOPE } from './query.ts'

/** The way of a decision to the disk, which its answer waits for. */
export function decisionLog() {
  return [
    timeSeries({
      title: '대기 중인 결정 (Waiting Decisions)',
      description: '디스크 기록을 기다리는 결정 수입니다. 계속 늘면 디스크가 유입량을 따라가지 못합니다.',
      unit: 'short',
      decimals: 0,
      width: 6,
      min: 0,
      queries: [{ expr: `sum by (instance) (fds_log_waiting{${SCOPE}})`, legend: '{{instance}}' }],
    }),
    timeSeries({
      title: '커밋 시간 (Commit Seconds)',
      description: '로그 커밋 한 번에 걸린 시간입니다. 응답은 커밋이 끝나야 나가므로 지연 시간의 하한입니다.',
      unit: 's',
      width: 6,
      min: 0,
      nothing: '커밋 없음',
      queries: [
        { expr: quantile(0.5, 'fds_log_commit_seconds', SCOPE), legend: 'p50' },
        { expr: quantile(0.99, 'fds_log_commit_seconds', SCOPE), legend: 'p99' },
      ],
    }),
    timeSeries({
      title: '커밋당 결정 수 (Group Size)',
      description:
        '커밋 한 번에 함께 기록한 결정 수입니다. 라벨이나 섀도 점수만 담은 커밋은 세지 않습니다. 부하가 늘면 커져서 디스크 동기화 비용을 나눕니다.',
      unit: 'short',
      decimals: 1,
      width: 6,
      min: 0,
      nothing: '커밋 없음',
      queries: [
        { expr: mean('fds_log_commit_decisions', SCOPE), legend: '평균' },
        { expr: quantile(0.95, 'fds_log_commit_decisions', SCOPE), legend: 'p95' },
      ],
    }),
    stat({
      title: '커밋 실패 (Commit Failures)',
      description:
        '선택한 기간에 실패한 로그 커밋 수입니다. 하나라도 있으면 디스크와 데이터베이스를 바로 확인합니다.',
      unit: 'short',
      decimals: 0,
      width: 3,
      height: 8,
      bands: redFrom(1),
      queries: [
        {
          expr: `sum(increase(fds_log_failures_total{${SCOPE}}[$__range]))`,
          legend: '실패',
          instant: true,
        },
      ],
    }),
    stat({
      title: '내구성 방식 (Durability)',
      description: '로그가 기록하는 방식입니다. async이면 응답한 결정을 장애 때 잃을 수 있습니다.',
      unit: 'none',
      width: 3,
      height: 8,
      names: true,
      series: { async: { color: 'red' } },
      queries: [
        {
          expr: `max by (durability) (fds_log_info{${SCOPE}})`,
          legend: '{{durability}}',
          instant: true,
        },
      ],
    }),
  ]
}

/** What the service does to stay in service. */
export function protection() {
  const refused = (metric: string, by: string) => `sum by (${by}) (${rate(`${metric}{${SCOPE}}`)})`
  return [
    timeSeries({
      title: '대체 응답 (Fallback)',
      description:
        '요청한 모델이 답하지 못해 다른 답을 준 초당 결정 수를 원인과 대신 답한 쪽별로 보여 줍니다.',
      unit: 'ops',
      width: 8,
      min: 0,
      stacked: true,
      queries: [
        {
          expr: refused('fds_fallback_total', 'reason, answered_by'),
          legend: '{{reason}} → {{answered_by}}',
        },
      ],
    }),
    timeSeries({
      title: '과부하 거절 503 (Shed)',
      description: '다른 요청을 지키려고 503으로 거절한 초당 요청 수입니다. 무엇이 넘쳤는지 원인별로 봅니다.',
      unit: 'reqps',
      width: 8,
      min: 0,
      stacked: true,
      queries: [{ expr: refused('fds_shed_total', 'reason'), legend: '{{reason}}' }],
    }),
    timeSeries({
      title: '속도 제한 429와 섀도 대기 (Rate Limited & Shadow Queue)',
      description: '429로 거절한 초당 요청 수와, 섀도 채점을 기다리는 거래 수입니다.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        { expr: `sum(${rate(`fds_rate_limited_total{${SCOPE}}`)})`, legend: '429 (초당)' },
        { expr: `sum(fds_shadow_waiting{${SCOPE}})`, legend: '섀도 대기 (건)' },
      ],
    }),
  ]
}
