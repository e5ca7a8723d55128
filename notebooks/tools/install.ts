// Installs JupyterLab and Deno's kernel, so that the first notebook opens at once; a development container runs it.
import { jupyterEnvironment } from './environment.ts'

await jupyterEnvironment()
