#!/usr/bin/env node
// Plain JavaScript: what is loaded before the cache is on would be stripped of its types at every call.
import { enableCompileCache } from 'node:module'

// compiled code is kept between calls, so it must be on before anything else is loaded
enableCompileCache()
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv)
