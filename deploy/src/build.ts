// Writes the files under deploy/ that are made from code: npm run deploy:build.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dashboardFiles } from './dashboards/files.ts'

const files: Record<string, string> = { ...dashboardFiles() }
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join('deploy', path)), { recursive: true })
  writeFileSync(join('deploy', path), text)
}
