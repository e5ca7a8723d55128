import { assemble } from './assemble.ts'
import { bars, stat, stateTimeline, timeSeries } from './panels.ts'
import { rate, SCOPE } from './query.ts'

/** How the A/B test of the challenger against the champion goes. */
export function experimentsDashboard() {
  return assemble({
    uid: 'fds-experiments',
    title: 'FDS A/B 테스트 (Experiments)',
    description:
      '챔피언과 도전자의 배정, 순차 검정, 안전장치, 섀도 비교를 봅니다. 판정은 계획된 시점에만 유효합니다.',
    from: 'now-24h',
    refresh: '1m',
    rows: [
      { title: '상태 (State)', panels: state() },
      { title: '배정 (Assignment)', panels: assignment() },
      { title: '효과 (Effect)', panels: effect() },
      { title: '안전장치와 조치 (Guardrails & Actions)', panels: guardrails() },
      { title: '섀도 비교 (Shadow Comparison)', panels: shadow() },
    ],
  })
}

/** The comparison is void from here down. */
const SAMPLE_RATIO_LIMIT = 0.001
const NONE = '진행 중인 실험 없음'
const ARMS = {
  champion: { name: '챔피언 (champion)', color: 'blue' },
  challenger: { name: '도전자 (challenger)', color: 'purple' },
}

/** One test runs for all replicas, each of which shows it. */
const latest = (metric: string, by = '') => `max${by}(fds_experiment_${metric}{${SCOPE}})`
const byArm = (metric: string) => latest(metric, ' by (arm) ')

function state() {
  const age = (metric: string) => `time() - ${latest(metric)}`
  return [
    stat({
      title: '실험 상태 (Running)',
      description: 'A/B 테스트의 진행 여부입니다.',
      unit: 'none',
      width: 4,
      values: { 0: { text: '없음', color: 'blue' }, 1: { text: '진행 중', color: 'green' } },
      queries: [{ expr: latest('running'), legend: '상태' }],
    }),
    stat({
      title: '배정 상태 (Assigning)',
      description:
        '실험이 거래를 두 군에 배정하는지입니다. 진행 중인데 배정하지 않으면 별칭이 실험의 버전에서 벗어난 것입니다.',
      unit: 'none',
      width: 4,
      values: { 0: { text: '배정 안 함', color: 'blue' }, 1: { text: '배정 중', color: 'green' } },
      queries: [{ expr: `min(fds_experiment_assigning{${SCOPE}})`, legend: '배정' }],
    }),
    stat({
      title: '판정 (Verdict)',
      description: '마지막 평가의 판정입니다. collecting 동안에는 승자를 말할 수 없습니다.',
      unit: 'none',
      width: 4,
      names: true,
      nothing: NONE,
      series: {
        collecting: { name: '수집 중', color: 'blue' },
        challenger_wins: { name: '도전자 승', color: 'purple' },
        champion_wins: { name: '챔피언 승', color: 'green' },
        no_difference: { name: '차이 없음', color: 'text' },
      },
      queries: [{ expr: `${latest('status', ' by (status) ')} == 1`, legend: '{{status}}', instant: true }],
    }),
    stat({
      title: '정보 비율 (Information Fraction)',
      description: '계획한 라벨 수 대비 모은 비율입니다. 1이 되면 마지막 평가를 합니다.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      width: 4,
      nothing: NONE,
      queries: [{ expr: latest('information_ratio'), legend: '정보 비율' }],
    }),
    stat({
      title: '시작 후 경과 (Age)',
      description: '실험을 시작한 뒤 지난 시간입니다.',
      unit: 's',
      width: 4,
      nothing: NONE,
      queries: [{ expr: age('started_timestamp_seconds'), legend: '경과' }],
    }),
    stat({
      title: '평가 후 경과 (Since Evaluation)',
      description: '마지막 평가 후 지난 시간입니다. 아래 값은 모두 그때의 것입니다.',
      unit: 's',
      width: 4,
      nothing: NONE,
      queries: [{ expr: age('evaluated_timestamp_seconds'), legend: '경과' }],
    }),
  ]
}

function assignment() {
  const share = `${byArm('decisions')} / scalar(sum(${byArm('decisions')}) > 0)`
  return [
    timeSeries({
      title: '군별 결정 비율 (Share by Arm)',
      description:
        '군별 결정 비율과 계획 비율입니다. 두 선이 계속 떨어져 있으면 아래 표본 비율 p값을 봅니다.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      nothing: NONE,
      queries: [
        { expr: share, legend: '실제 {{arm}}' },
        { expr: byArm('expected_ratio'), legend: '계획 {{arm}}' },
      ],
    }),
    stat({
      title: '표본 비율 p값 (Sample Ratio p-value)',
      description:
        '배정 비율이 계획대로인지 보는 순차 검정의 p값입니다. 0.001 이하이면 비교를 신뢰할 수 없습니다.',
      unit: 'none',
      decimals: 4,
      width: 4,
      height: 8,
      nothing: NONE,
      bands: [
        [null, 'red'],
        [SAMPLE_RATIO_LIMIT, 'green'],
      ],
      queries: [{ expr: `min(fds_experiment_sample_ratio_p_value{${SCOPE}})`, legend: 'p값' }],
    }),
    timeSeries({
      title: '군별 결정 수 (Decisions by Arm)',
      description: '군별 누적 결정 수와 라벨이 확정된 결정 수입니다. 판정은 라벨이 확정된 결정만 씁니다.',
      unit: 'short',
      decimals: 0,
      width: 12,
      min: 0,
      nothing: NONE,
      queries: [
        { expr: byArm('decisions'), legend: '결정 {{arm}}' },
        { expr: byArm('labelled_decisions'), legend: '라벨 확정 {{arm}}' },
      ],
    }),
  ]
}

function effect() {
  const boundary = latest('boundary_z')
  return [
    timeSeries({
      title: 'z와 경계 (z vs Boundary)',
      description:
        '도전자와 챔피언의 비용 차이를 표준오차로 나눈 z입니다. 경계 밖이면 판정이며, 음수는 도전자의 비용이 낮다는 뜻입니다.',
      unit: 'none',
      decimals: 2,
      width: 12,
      nothing: '아직 평가 시점 없음',
      series: { '위쪽 경계': { color: 'red' }, '아래쪽 경계': { color: 'red' }, z: { color: 'blue' } },
      queries: [
        { expr: latest('z'), legend: 'z' },
        { expr: boundary, legend: '위쪽 경계' },
        { expr: `-${boundary}`, legend: '아래쪽 경계' },
      ],
    }),
    timeSeries({
      title: '비용 차이 (Cost Difference)',
      description:
        '마지막 평가 시점의 도전자 비용에서 챔피언 비용을 뺀 값입니다. 단위는 비용 단위이며 음수가 개선입니다.',
      unit: 'none',
      decimals: 3,
      width: 8,
      nothing: '아직 평가 시점 없음',
      queries: [{ expr: latest('cost_difference'), legend: '비용 차이' }],
    }),
    stat({
      title: '평가 횟수 (Looks)',
      description: '지금까지 경계와 비교한 계획된 평가의 횟수입니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      height: 8,
      nothing: NONE,
      queries: [{ expr: latest('looks'), legend: '평가' }],
    }),
  ]
}

function guardrails() {
  const arms = (matchers: string) => `sum by (model_version) (${rate(`fds_predictions_total{${matchers}}`)})`
  return [
    stateTimeline({
      title: '안전장치 (Guardrails)',
      description:
        '도전자가 허용 한도를 넘었는지 안전장치별로 보여 줍니다. 경보가 한 번이라도 있으면 승격하지 않습니다.',
      unit: 'none',
      width: 8,
      nothing: NONE,
      values: { 0: { text: '정상', color: 'green' }, 1: { text: '경보', color: 'red' } },
      queries: [{ expr: latest('guardrail_alarm', ' by (guardrail) '), legend: '{{guardrail}}' }],
    }),
    timeSeries({
      title: '군별 차단율 (Block Rate by Arm)',
      description: '군별 실시간 차단 비율입니다. 도전자의 차단율만 높으면 정상 고객을 막고 있을 수 있습니다.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      series: ARMS,
      queries: [
        {
          expr: `${arms(`${SCOPE},risk_level="block"`)} / (${arms(SCOPE)} > 0)`,
          legend: '{{model_version}}',
        },
      ],
    }),
    bars(
      {
        title: '실험 조치 (Actions)',
        description:
          '선택한 기간에 서비스가 실험에 취한 조치의 횟수입니다. 시작, 비율 변경, 중지, 승격, 되돌리기가 있습니다.',
        unit: 'short',
        decimals: 0,
        width: 8,
        min: 0,
        queries: [
          {
            expr: `sum by (action) (increase(fds_experiment_actions_total{${SCOPE}}[$__range]))`,
            legend: '{{action}}',
            instant: true,
          },
        ],
      },
      'lying',
    ),
  ]
}

function shadow() {
  const scored = `sum(${rate(`fds_shadow_scores_total{${SCOPE},outcome="scored"}`)})`
  const disagreements = rate(`fds_shadow_disagreements_total{${SCOPE}}`)
  return [
    timeSeries({
      title: '섀도 불일치율 (Shadow Disagreement)',
      description:
        '같은 거래에 두 모델이 다른 위험 등급을 준 비율입니다. 갑자기 뛰면 한쪽의 입력이나 버전이 바뀐 것입니다.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      nothing: '섀도 채점 없음',
      queries: [{ expr: `sum(${disagreements}) / (${scored} > 0)`, legend: '불일치율' }],
    }),
    timeSeries({
      title: '등급 쌍별 불일치 (Disagreement by Level)',
      description:
        '챔피언 등급과 도전자 등급의 쌍별 초당 불일치 수입니다. 승인에서 차단으로 바뀐 쌍부터 확인합니다.',
      unit: 'ops',
      width: 8,
      min: 0,
      stacked: true,
      queries: [
        {
          expr: `sum by (champion, challenger) (${disagreements})`,
          legend: '{{champion}} → {{challenger}}',
        },
      ],
    }),
    timeSeries({
      title: '섀도 채점 결과 (Shadow Outcomes)',
      description:
        '결정하지 않은 모델의 초당 채점 결과입니다. dropped나 failed는 비교 표본이 줄어든다는 뜻입니다.',
      unit: 'ops',
      width: 8,
      min: 0,
      stacked: true,
      series: { scored: { color: 'green' }, dropped: { color: 'orange' }, failed: { color: 'red' } },
      queries: [
        { expr: `sum by (outcome) (${rate(`fds_shadow_scores_total{${SCOPE}}`)})`, legend: '{{outcome}}' },
      ],
    }),
  ]
}
