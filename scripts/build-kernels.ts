// Compiles src/model/kernels (AssemblyScript) into kernels.wasm beside it. `npm run kernels`; `npm ci` runs it too.
import { main } from 'assemblyscript/asc'

const FOLDER = 'src/model/kernels'

// 65,536 pages are the 4 GiB that 32-bit addresses reach; whoever makes a memory says how much of it to begin with
const { error, stderr } = await main([
  `${FOLDER}/index.ts`,
  ...['--outFile', `${FOLDER}/kernels.wasm`],
  ...['--runtime', 'stub', '-O3', '--converge', '--noAssert', '--debug'],
  ...['--enable', 'simd', '--enable', 'threads'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
])
if (error !== null) {
  console.error(stderr.toString())
  throw error
}
