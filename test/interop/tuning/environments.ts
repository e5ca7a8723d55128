import type { Environment } from '../python.ts'

/** The Optuna whose trajectories ours follow; its TPE sampler needs nothing but NumPy. */
export const OPTUNA: Environment = { name: 'optuna-5.0.0', packages: ['optuna==5.0.0', 'numpy==2.4.6'] }
