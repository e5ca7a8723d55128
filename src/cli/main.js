#!/usr/bin/env node
// Plain JavaScript: TypeScript that is loaded before the cache is on is stripped of its types at every call.
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv)
