// Writes docs/metrics.md from the list of metrics. `npm run docs:metrics`
import { writeFileSync } from 'node:fs'
import { metricsPage } from './metrics-page.ts'

writeFileSync('docs/metrics.md', metricsPage())
