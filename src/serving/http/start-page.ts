import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ARMS, type ServedModel } from '../models/model-source.ts'
import { TRANSACTION_ID } from '../models/parse-transaction.ts'
import type { Scorer } from '../models/scorer.ts'
import type { Service } from './service.ts'
import { START_PAGE_STYLE } from './start-page-style.ts'

const STYLE_HASH = createHash('sha256').update(START_PAGE_STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** `GET /`: one self-contained page with the state of the champion and links to everything else. */
export function routeStartPage(app: FastifyInstance, service: Service): void {
  app.get('/', { schema: { hide: true } }, async (_, reply) => {
    reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY)
    return startPage(service)
  })
}

/** Markup that is safe to write as it is. */
interface Html {
  readonly markup: string
}

function startPage({ models, now, tracking }: Service): string {
  const champion = models.served('champion')
  const challenger = models.served('challenger')
  const troubles = ARMS.flatMap((arm) => models.trouble(arm)?.message ?? [])
  const state = !champion ? 'no champion' : troubles.length > 0 ? 'degraded' : 'serving'
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fds-system: ${state}</title>
<style>${{ markup: START_PAGE_STYLE }}</style>
</head>
<body>
<header><h1>fds-system</h1><p class="state" data-state="${state}">${state}</p></header>
<main>
${linkSection(models.name, tracking !== undefined)}
${troubles.map((trouble) => html`<p class="trouble">${trouble}</p>`)}
${champion ? modelSection('Champion', champion, now()) : emptySection(models.name)}
${challenger ? modelSection('Challenger', challenger, now()) : []}
</main>
</body>
</html>
`.markup
}

function modelSection(
  title: string,
  { scorer, metrics, runId, registeredAt, loadedAt, loadSeconds }: ServedModel,
  now: number,
): Html {
  const { thresholds, threshold, costs, version } = scorer.policy
  return html`<section>
<h2>${title}: ${scorer.name} version ${scorer.version}</h2>
<dl>
<dt>Registered</dt><dd>${ageText(now - registeredAt)} ago <time>${isoText(registeredAt)}</time></dd>
<dt>Loaded</dt><dd>${ageText(now - loadedAt)} ago, in ${loadSeconds.toFixed(3)} s</dd>
<dt>Run</dt><dd><code>${runId || 'none'}</code></dd>
<dt>Policy</dt><dd><code>${version}</code>: approve below ${thresholds.verify}, verify below ${thresholds.hold}, hold below ${thresholds.block}, block from there</dd>
<dt>Threshold</dt><dd>${threshold}, at a cost of ${costs.fn} for a missed fraud and ${costs.fp} for a false alarm</dd>
</dl>
${metricTable(metrics)}
${columnList(scorer)}
</section>`
}

function columnList({ inputs }: Scorer): Html {
  const asked = inputs.filter(({ used, role }) => used || role === 'id' || role === 'entity')
  const others = asked.filter(({ name }) => name !== TRANSACTION_ID)
  return html`<details><summary>What a transaction carries: ${others.length} columns and ${TRANSACTION_ID}</summary>
<ul>
${others.map(({ name, kind }) => html`<li><code>${name}</code> ${kind}</li>\n`)}</ul>
</details>`
}

function metricTable(metrics: ServedModel['metrics']): Html {
  const rows = Object.entries(metrics).sort(([a], [b]) => a.localeCompare(b))
  if (rows.length === 0) return html`<p>No metrics were logged with this model.</p>`
  return html`<table>
<caption>Metrics of its run</caption>
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${numberText(value)}</td></tr>\n`)}
</table>`
}

function emptySection(name: string): Html {
  return html`<section>
<h2>No champion yet</h2>
<p>Train one; it is served within two seconds of getting the alias:</p>
<pre>fds train --data payments.csv --register ${name} --alias champion</pre>
</section>`
}

function linkSection(name: string, tracking: boolean): Html {
  const model = `/api/2.0/mlflow/registered-models/get?name=${encodeURIComponent(name)}`
  return html`<nav aria-label="More"><ul>
<li><a href="/docs">API documentation</a> and <a href="/openapi.json">OpenAPI</a></li>
<li><a href="/ab-test/report?lang=en">A/B test</a>, <a href="/ab-test/report" lang="ko">한국어</a></li>
<li><a href="/metrics">Metrics</a>, <a href="/ready">readiness</a>, <a href="/health">health</a></li>
${tracking ? html`<li><a href="${model}">Registered model</a>, from the tracking server (MLflow's protocol, at this address)</li>` : []}
</ul></nav>`
}

function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

function isoText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4)
}

type Part = string | number | Html | readonly Html[]

/** Joins a template; texts are escaped, markup made by this function is not. */
function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    markup: texts
      .map((text, index) => text + (index < parts.length ? partMarkup(parts[index]!) : ''))
      .join(''),
  }
}

function partMarkup(part: Part): string {
  if (typeof part === 'object')
    return [part]
      .flat()
      .map((inner) => (inner as Html).markup)
      .join('')
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
