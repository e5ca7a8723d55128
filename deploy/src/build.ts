// Writes the files under deploy/ that are made from code: npm run deploy:build.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeAlertmanager } from './alertmanager.ts'
import { dashboardFiles } from './dashboards/files.ts'
import { ruleFiles, ruleTestFiles } from './rules.ts'

const files: Record<string, string> = {
  ...dashboardFiles(),
  ...ruleFiles(),
  ...ruleTestFiles(),
  'alertmanager/alertmanager.yml': writeAlertmanager(),
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join('deploy', path)), { recursive: true })
  writeFileSync(join('deploy', path), text)
}
