import { stat, stateTimeline, timeSeries } from './panels.ts'
import { SCOPE } from './query.ts'

const DAY = 86_400

/** Which model is served, how old it is, and whether it is the one that the registry names. */
export function model() {
  const since = (metric: string) => `time() - min by (alias) (${metric}{${SCOPE},alias="champion"} > 0)`
  return [
    stat({
      title: '서빙 중인 버전 (Served Versions)',
      description:
        '별칭별로 서빙 중인 모델 버전입니다. 같은 별칭에 버전이 둘이면 인스턴스가 서로 다른 모델을 씁니다.',
      unit: 'none',
      width: 6,
      names: true,
      nothing: '모델 없음',
      queries: [
        {
          expr: `max by (alias, version) (fds_model_info{${SCOPE}})`,
          legend: '{{alias}} v{{version}}',
          instant: true,
        },
      ],
    }),
    stat({
      title: '챔피언 서빙 (Champion Served)',
      description: '모든 인스턴스가 챔피언을 서빙하는지입니다. 아니면 대체 응답이 나가고 있습니다.',
      unit: 'none',
      width: 4,
      values: { 0: { text: '없음', color: 'red' }, 1: { text: '정상', color: 'green' } },
      queries: [{ expr: `min(fds_model_served{${SCOPE},alias="champion"})`, legend: '챔피언' }],
    }),
    stat({
      title: '모델 나이 (Model Age)',
      description:
        '챔피언 버전을 등록한 뒤 지난 시간입니다. 30일부터 재학습을 검토하고, 90일이 넘으면 오래된 모델입니다.',
      unit: 's',
      width: 4,
      nothing: '모델 없음',
      bands: [
        [null, 'green'],
        [30 * DAY, 'yellow'],
        [90 * DAY, 'red'],
      ],
      queries: [{ expr: since('fds_model_registered_timestamp_seconds'), legend: '등록 후' }],
    }),
    stat({
      title: '적재 후 경과 (Since Load)',
      description: '챔피언을 메모리에 올린 뒤 지난 시간입니다. 승격이나 되돌리기 직후에 0부터 다시 셉니다.',
      unit: 's',
      width: 4,
      nothing: '모델 없음',
      queries: [{ expr: since('fds_model_loaded_timestamp_seconds'), legend: '적재 후' }],
    }),
    stat({
      title: '모델 적재 시간 (Model Load Time)',
      description: '챔피언을 마지막으로 적재하는 데 걸린 시간입니다. 인스턴스 중 가장 긴 값입니다.',
      unit: 's',
      width: 6,
      queries: [
        {
          expr: `max by (model_name) (fds_model_load_time_seconds{${SCOPE}})`,
          legend: '{{model_name}}',
        },
      ],
    }),
    stateTimeline({
      title: '모델 이상 (Model Trouble)',
      description:
        '별칭이 가리키는 버전을 서빙하지 못하는 이유입니다. 레지스트리 불통, 별칭 삭제, 적재 실패가 있습니다.',
      unit: 'none',
      width: 12,
      height: 7,
      values: { 0: { text: '정상', color: 'green' }, 1: { text: '이상', color: 'red' } },
      queries: [
        {
          expr: `max by (alias, reason) (fds_model_trouble{${SCOPE}})`,
          legend: '{{alias}}: {{reason}}',
        },
      ],
    }),
    timeSeries({
      title: '버전별 인스턴스 수 (Instances by Version)',
      description: '버전별로 그 모델을 서빙하는 인스턴스의 수입니다. 승격할 때 모두 넘어갔는지 확인합니다.',
      unit: 'short',
      decimals: 0,
      width: 12,
      height: 7,
      min: 0,
      nothing: '모델 없음',
      queries: [
        {
          expr: `count by (alias, version) (fds_model_info{${SCOPE}})`,
          legend: '{{alias}} v{{version}}',
        },
      ],
    }),
  ]
}
