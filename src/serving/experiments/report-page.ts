import { experimentReport } from '../../monitoring/experiments/experiment-report.ts'
import { html, type Lang, Markup, type Words } from '../../monitoring/report/html.ts'
import { START_PAGE_STYLE } from '../http/start-page-style.ts'
import type { ExperimentStatus } from './experiment-desk.ts'

const TITLE: Words = { en: 'A/B test', ko: 'A/B 테스트' }
const VERSIONS: Words = { en: 'champion and challenger', ko: '챔피언과 챌린저' }
const NONE: Words = { en: 'No A/B test was started yet.', ko: '아직 시작한 A/B 테스트가 없습니다.' }

/** The report of an experiment as one page that stands alone: the picture, then the text. */
export function reportPage(status: ExperimentStatus | undefined, language: Lang): string {
  const title = TITLE[language]
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(`${START_PAGE_STYLE}svg { max-width: 100%; height: auto; }\npre { white-space: pre-wrap; }\n`)}</style>
</head>
<body>
<header><h1>${title}</h1></header>
<main>
${status ? contents(status, language) : html`<p>${NONE[language]}</p>`}
</main>
</body>
</html>
`.text
}

/** The picture alone, an SVG document. */
export function reportPicture({ verdict, looks }: ExperimentStatus, language: Lang): string {
  return experimentReport(verdict, looks, { language }).svg
}

function contents({ experiment, verdict, looks }: ExperimentStatus, language: Lang): Markup {
  const { svg, text } = experimentReport(verdict, looks, { language })
  const { modelName, championVersion, challengerVersion, id, state } = experiment
  return html`<h2>${modelName}: ${VERSIONS[language]} ${championVersion}, ${challengerVersion} (${state})</h2>
<figure>${new Markup(svg)}</figure>
<pre>${text}</pre>
<p><code>${id}</code></p>`
}
