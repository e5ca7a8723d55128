import { assemble } from './assemble.ts'
import { redFrom } from './panel.ts'
import { stat, timeSeries } from './panels.ts'
import { mean, quantile, rate, SCOPE } from './query.ts'
import { model } from './service-model.ts'
import { decisionLog, protection } from './service-paths.ts'

/** The health of the service itself: processes, model, log, protection, labels, tracking server. */
export function serviceDashboard() {
  return assemble({
    uid: 'fds-service',
    title: 'FDS 서비스 상태 (Service Health)',
    description: '프로세스, 모델, 결정 로그, 과부하 보호, 라벨, 추적 서버의 상태를 봅니다.',
    from: 'now-3h',
    refresh: '30s',
    rows: [
      { title: '프로세스 (Processes)', panels: processes() },
      { title: '이벤트 루프와 메모리 (Event Loop & Memory)', panels: runtime() },
      { title: '모델 (Model)', panels: model() },
      { title: '결정 로그 (Decision Log)', panels: decisionLog() },
      { title: '과부하 보호와 대체 응답 (Protection & Fallback)', panels: protection() },
      { title: '라벨 (Labels)', panels: labels() },
      { title: '추적 서버 (Tracking Server)', panels: tracking() },
    ],
  })
}

function processes() {
  const workers = (state: string) => `sum(fds_workers{${SCOPE},state="${state}"})`
  return [
    stat({
      title: '응답하는 인스턴스 (Instances Up)',
      description:
        'Prometheus가 수집에 성공한 인스턴스의 비율입니다. 100 % 미만이면 죽은 인스턴스가 있습니다.',
      unit: 'percentunit',
      decimals: 0,
      width: 4,
      bands: [
        [null, 'red'],
        [1, 'green'],
      ],
      queries: [{ expr: `avg(up{${SCOPE}})`, legend: '응답 비율' }],
    }),
    stat({
      title: '인스턴스 수 (Instances)',
      description: '선택한 서비스에서 응답하는 인스턴스의 수입니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      queries: [{ expr: `sum(up{${SCOPE}})`, legend: '인스턴스' }],
    }),
    stat({
      title: '응답하는 워커 (Workers)',
      description:
        '이번 수집에 응답한 워커 프로세스의 수입니다. 워커를 나누지 않은 인스턴스는 하나로 셉니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      queries: [{ expr: `${workers('answering')} or sum(up{${SCOPE}})`, legend: '워커' }],
    }),
    stat({
      title: '늦은 워커 (Late Workers)',
      description: '1초 안에 응답하지 못한 워커의 수입니다. 이벤트 루프가 막혔거나 CPU가 부족한 상태입니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      bands: redFrom(1),
      queries: [{ expr: `${workers('late')} or vector(0)`, legend: '늦은 워커' }],
    }),
    stat({
      title: '워커 재시작 (Worker Restarts)',
      description:
        '선택한 기간에 죽어서 다시 시작한 워커의 수입니다. 반복되면 로그의 오류와 메모리를 확인합니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      bands: redFrom(1),
      queries: [
        {
          expr: `sum(increase(fds_worker_restarts_total{${SCOPE}}[$__range])) or vector(0)`,
          legend: '재시작',
          instant: true,
        },
      ],
    }),
    stat({
      title: '수집 시계열 수 (Series per Scrape)',
      description:
        '인스턴스 하나의 /metrics에 담긴 시계열 수 중 가장 큰 값입니다. 2,000개를 넘으면 라벨 값이 새는지 확인합니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      bands: redFrom(2000),
      queries: [{ expr: `max(scrape_samples_scraped{${SCOPE}})`, legend: '시계열' }],
    }),
  ]
}

function runtime() {
  const perInstance = (change: string) => `sum by (instance) (${change})`
  const utilization = (part: string) =>
    perInstance(rate(`nodejs_eventloop_utilization_histogram_${part}{${SCOPE}}`))
  return [
    timeSeries({
      title: '이벤트 루프 지연 p99 (Event Loop Lag)',
      description: '인스턴스별 이벤트 루프 지연의 p99입니다. 100 ms를 넘으면 모든 요청이 그만큼 늦어집니다.',
      unit: 's',
      width: 8,
      min: 0,
      bands: redFrom(0.1),
      queries: [
        { expr: `max by (instance) (nodejs_eventloop_lag_p99_seconds{${SCOPE}})`, legend: '{{instance}}' },
      ],
    }),
    timeSeries({
      title: '이벤트 루프 사용률 (Event Loop Utilization)',
      description:
        '이벤트 루프가 쉬지 않고 일한 시간의 비율입니다. 80 %를 계속 넘으면 인스턴스나 워커를 늘립니다.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      bands: redFrom(0.8),
      queries: [{ expr: `${utilization('sum')} / (${utilization('count')} > 0)`, legend: '{{instance}}' }],
    }),
    timeSeries({
      title: 'CPU 사용량 (CPU)',
      description: '인스턴스별로 쓰는 CPU 코어 수입니다. 워커를 모두 합칩니다.',
      unit: 'none',
      decimals: 2,
      width: 8,
      min: 0,
      queries: [{ expr: perInstance(rate(`process_cpu_seconds_total{${SCOPE}}`)), legend: '{{instance}}' }],
    }),
    timeSeries({
      title: '상주 메모리 (Resident Memory)',
      description: '인스턴스별 상주 메모리입니다. 내려오지 않고 계속 오르면 메모리 누수를 의심합니다.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [{ expr: perInstance(`process_resident_memory_bytes{${SCOPE}}`), legend: '{{instance}}' }],
    }),
    timeSeries({
      title: '힙 메모리 (Heap)',
      description: '인스턴스별로 쓰고 있는 V8 힙입니다.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [{ expr: perInstance(`nodejs_heap_size_used_bytes{${SCOPE}}`), legend: '{{instance}}' }],
    }),
    timeSeries({
      title: '가비지 수집 시간 (GC Time)',
      description: '초당 가비지 수집에 쓴 시간입니다. major가 늘면 힙이 부족한 상태입니다.',
      unit: 's',
      width: 8,
      min: 0,
      stacked: true,
      queries: [
        { expr: `sum by (kind) (${rate(`nodejs_gc_duration_seconds_sum{${SCOPE}}`)})`, legend: '{{kind}}' },
      ],
    }),
  ]
}

function labels() {
  const delay = (q: number, legend: string) => ({
    expr: quantile(q, 'fds_label_delay_seconds', SCOPE, '1h'),
    legend,
  })
  return [
    timeSeries({
      title: '출처별 라벨 유입 (Labels by Source)',
      description: '출처별 초당 라벨 수입니다. 하루 동안 0이면 성능 평가와 실험 판정이 멈춥니다.',
      unit: 'ops',
      width: 8,
      min: 0,
      stacked: true,
      queries: [{ expr: `sum by (source) (${rate(`fds_labels_total{${SCOPE}}`)})`, legend: '{{source}}' }],
    }),
    timeSeries({
      title: '라벨 지연 (Label Delay)',
      description:
        '최근 1시간에 들어온 라벨이 거래 후 며칠 만에 왔는지입니다. 길어지면 평가 기준일을 늦춰야 합니다.',
      unit: 's',
      width: 8,
      min: 0,
      nothing: '최근 1시간 라벨 없음',
      queries: [delay(0.5, 'p50'), delay(0.95, 'p95')],
    }),
    stat({
      title: '라벨 중 사기 비율 (Fraud Share)',
      description:
        '선택한 기간에 들어온 라벨 중 사기의 비율입니다. 라벨이 사기 위주로 모이면 실제 사기율보다 높습니다.',
      unit: 'percentunit',
      decimals: 2,
      width: 4,
      height: 8,
      nothing: '라벨 없음',
      queries: [
        {
          expr:
            `sum(increase(fds_labels_total{${SCOPE},is_fraud="true"}[$__range])) / ` +
            `(sum(increase(fds_labels_total{${SCOPE}}[$__range])) > 0)`,
          legend: '사기 비율',
          instant: true,
        },
      ],
    }),
    stat({
      title: '결정 없는 라벨 (Unknown Labels)',
      description:
        '선택한 기간에 결정 로그에 없는 거래로 들어온 라벨 수입니다. 늘면 거래 번호 연결이 깨진 것입니다.',
      unit: 'short',
      decimals: 0,
      width: 4,
      height: 8,
      bands: [
        [null, 'green'],
        [1, 'yellow'],
      ],
      queries: [
        {
          expr: `sum(increase(fds_labels_unknown_total{${SCOPE}}[$__range]))`,
          legend: '라벨',
          instant: true,
        },
      ],
    }),
  ]
}

function tracking() {
  const requests = `sum by (status) (${rate(`mlflow_http_request_total{${SCOPE}}`)})`
  // the first request makes the first series
  const none = 'label_replace(vector(0), "status", "없음", "", "")'
  return [
    timeSeries({
      title: '추적 서버 요청 (Tracking Requests)',
      description: 'MLflow API의 초당 요청 수를 상태 코드별로 보여 줍니다. 서비스에 내장된 서버의 값입니다.',
      unit: 'reqps',
      width: 8,
      min: 0,
      stacked: true,
      queries: [{ expr: `${requests} or ${none}`, legend: '{{status}}' }],
    }),
    timeSeries({
      title: '추적 서버 지연 시간 (Tracking Latency)',
      description:
        'MLflow API 요청의 평균과 p95 지연 시간입니다. 느려지면 저장소의 디스크와 잠금을 확인합니다.',
      unit: 's',
      width: 8,
      min: 0,
      nothing: '추적 요청 없음',
      queries: [
        { expr: mean('mlflow_http_request_duration_seconds', SCOPE), legend: '평균' },
        { expr: quantile(0.95, 'mlflow_http_request_duration_seconds', SCOPE), legend: 'p95' },
      ],
    }),
    timeSeries({
      title: '처리 중인 추적 요청 (Tracking In Progress)',
      description:
        '지금 처리 중인 MLflow API 요청 수입니다. 계속 늘면 큰 아티팩트 전송이나 잠긴 저장소를 의심합니다.',
      unit: 'short',
      decimals: 0,
      width: 8,
      min: 0,
      queries: [{ expr: `sum(mlflow_http_requests_in_progress{${SCOPE}})`, legend: '처리 중' }],
    }),
  ]
}
