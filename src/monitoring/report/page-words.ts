import type { Words } from './html.ts'

/** The labels of the page, which its script uses too. */
export const LABELS = {
  report: { en: 'Drift report', ko: '드리프트 리포트' },
  language: { en: 'Language', ko: '언어' },
  theme: { en: 'Appearance', ko: '화면 모드' },
  auto: { en: 'Auto', ko: '자동' },
  light: { en: 'Light', ko: '라이트' },
  dark: { en: 'Dark', ko: '다크' },
  summary: { en: 'At a glance', ko: '한눈에 보기' },
  measures: { en: 'Data summary', ko: '데이터 요약' },
  byColumn: { en: 'Column by column', ko: '컬럼별로 보기' },
  differs: { en: 'differs', ko: '차이 있음' },
  rows: { en: 'Rows', ko: '행 수' },
  columns: { en: 'Columns', ko: '컬럼 수' },
  compared: { en: 'compared', ko: '비교' },
  driftedColumns: { en: 'Drifted columns', ko: '드리프트 컬럼' },
  driftedImportance: { en: 'Importance that drifted', ko: '드리프트된 중요도' },
  aboveBand: { en: 'PSI above 0.25', ko: 'PSI 0.25 초과' },
  missingCells: { en: 'Missing cells', ko: '결측 셀' },
  changedMost: { en: 'What changed most', ko: '가장 크게 변한 컬럼' },
  outcomes: { en: 'Target and prediction', ko: '타겟과 예측값' },
  target: { en: 'target', ko: '타겟' },
  prediction: { en: 'prediction', ko: '예측값' },
  allColumns: { en: 'All columns', ko: '전체 컬럼' },
  search: { en: 'Search columns', ko: '컬럼 검색' },
  driftedOnly: { en: 'Drifted only', ko: '드리프트만 보기' },
  type: { en: 'Type', ko: '유형' },
  finding: { en: 'Finding', ko: '판정 내용' },
  anyType: { en: 'All types', ko: '모든 유형' },
  anyFinding: { en: 'All findings', ko: '모든 판정' },
  nothingFound: {
    en: 'No column matches. Clear the search or the filters.',
    ko: '조건에 맞는 컬럼이 없습니다. 검색어나 필터를 지워 보세요.',
  },
  clear: { en: 'Clear', ko: '초기화' },
  rank: { en: 'Rank', ko: '순위' },
  column: { en: 'Column', ko: '컬럼' },
  ofImportance: { en: 'of the importance', ko: '중요도' },
  importance: { en: 'Importance', ko: '중요도' },
  distributions: { en: 'Reference and current', ko: '기준과 현재 분포' },
  psi: { en: 'PSI', ko: 'PSI' },
  score: { en: 'Score', ko: '점수' },
  verdict: { en: 'Action', ko: '조치' },
  missing: { en: 'Missing', ko: '결측' },
  reference: { en: 'Reference', ko: '기준' },
  current: { en: 'Current', ko: '현재' },
  num: { en: 'number', ko: '수치형' },
  cat: { en: 'category', ko: '범주형' },
  datetime: { en: 'time', ko: '날짜·시간' },
  detail: { en: 'Details of the column', ko: '컬럼 상세' },
  previous: { en: 'Previous column', ko: '이전 컬럼' },
  next: { en: 'Next column', ko: '다음 컬럼' },
  close: { en: 'Close', ko: '닫기' },
  share: { en: 'Percent', ko: '비율' },
  count: { en: 'Counts', ko: '건수' },
  unit: { en: 'Bars show', ko: '막대 단위' },
  bin: { en: 'Values', ko: '값 구간' },
  category: { en: 'Category', ko: '범주' },
  contribution: { en: 'Part of the PSI', ko: 'PSI 기여분' },
  findings: { en: 'Findings', ko: '판정' },
  statistics: { en: 'Statistics', ko: '통계량' },
  otherValues: { en: 'all other categories', ko: '그 밖의 범주' },
  anyValue: { en: 'any value', ko: '모든 값' },
  method: { en: 'Method', ko: '검정 방법' },
  threshold: { en: 'Threshold', ko: '임계값' },
  pValue: { en: 'p-value', ko: 'p값' },
  qValue: { en: 'q-value (all columns corrected)', ko: 'q값 (전체 컬럼 다중비교 보정)' },
  band: { en: 'PSI band', ko: 'PSI 구간' },
  range: { en: 'Range', ko: '범위' },
  mean: { en: 'Mean', ko: '평균' },
  deviation: { en: 'Standard deviation', ko: '표준편차' },
  distinct: { en: 'Different values (about)', ko: '고유값 수 (근사)' },
  infinite: { en: 'Infinite values', ko: '무한대 값' },
  calm: { en: 'No material change', ko: '의미 있는 변화 없음' },
  withinThreshold: { en: 'Not drifted by its threshold', ko: '임계값 기준 드리프트 아님' },
  timesMove: {
    en: 'Times always move and are not compared',
    ko: '날짜·시간은 늘 바뀌므로 비교하지 않음',
  },
  uncertain: {
    en: 'Moved, but too few rows to tell it from chance',
    ko: '분포가 움직였지만, 행이 적어 우연과 구분되지 않음',
  },
  notDrawn: {
    en: 'There is no common distribution to draw.',
    ko: '두 데이터를 함께 그릴 수 있는 분포가 없습니다.',
  },
  withoutScript: {
    en: 'Search, sorting, filters and details need scripts, which this viewer has switched off.',
    ko: '이 뷰어에서는 스크립트가 꺼져 있어 검색, 정렬, 필터, 상세 보기를 쓸 수 없습니다.',
  },
} as const satisfies Readonly<Record<string, Words>>

/** What to do, as a heading and on a column. */
export const ACTIONS = {
  maintain: { en: 'Maintain', ko: '유지' },
  watch: { en: 'Monitor more closely', ko: '모니터링 강화' },
  retrain: { en: 'Consider retraining', ko: '재학습 검토' },
  repair: { en: 'Check the data', ko: '데이터 점검' },
} as const satisfies Readonly<Record<string, Words>>

export const BANDS = {
  stable: { en: 'below 0.1: stable, maintain', ko: '0.1 미만: 안정, 유지' },
  watch: { en: '0.1 to 0.25: some change, monitor more closely', ko: '0.1 ~ 0.25: 약간 변화, 모니터링 강화' },
  retrain: { en: 'above 0.25: drift, consider retraining', ko: '0.25 초과: 드리프트, 재학습 검토' },
} as const satisfies Readonly<Record<string, Words>>

/** How to read the page; one paragraph each. */
export const LEGEND = [
  {
    en: 'A picture shows the share of the rows in each tenth of the reference, or in each category: reference on the left, current on the right; missing values come last.',
    ko: '그림은 기준 데이터의 10분위 구간(범주형은 범주)별 행 비율입니다. 왼쪽 막대가 기준, 오른쪽 막대가 현재이고, 마지막이 결측입니다.',
  },
  {
    en: 'PSI, the population stability index: below 0.1 maintain, from 0.1 monitor more closely, above 0.25 consider retraining. A column counts as drifted where the change is large enough to matter and more than chance.',
    ko: 'PSI(모집단 안정성 지수)는 0.1 미만이면 유지, 0.1 이상이면 모니터링 강화, 0.25를 넘으면 재학습을 검토합니다. 변화가 의미 있게 크고 우연으로 보기 어려울 때만 드리프트로 판정합니다.',
  },
  {
    en: 'The rank puts drifted columns first and weighs the change by the importance for the model where it is known.',
    ko: '순위는 드리프트된 컬럼을 앞에 두며, 모델의 피처 중요도가 있으면 변화량에 가중치로 곱합니다.',
  },
  {
    en: 'A page without drift does not say that the model still performs: fraud that looks like yesterday’s payments shows only in the labels.',
    ko: '드리프트가 없다고 해서 모델 성능이 그대로라는 뜻은 아닙니다. 정상 거래와 비슷한 사기는 라벨이 들어와야 드러납니다.',
  },
] as const satisfies readonly Words[]
