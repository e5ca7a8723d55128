import type { Environment } from '../python.ts'

/** The Optuna whose trajectories ours follow; its TPE sampler needs nothing but NumPy. */
export const OPTUNA: Environment = { name: 'optuna-5.0.0', packages: ['optuna==5.0.0', 'numpy==2.4.6'] }

/** What the specification's study runs on. */
export const STUDY: Environment = {
  name: 'optuna-5.0.0-xgboost-3.2.0',
  packages: ['optuna==5.0.0', 'xgboost==3.2.0', 'scikit-learn==1.9.1', 'numpy==2.4.6'],
}
