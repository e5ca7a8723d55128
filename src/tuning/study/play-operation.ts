import type { Operation, TrialOperation } from './operation.ts'
import type { StudyState } from './study-state.ts'
import type { TrialRecord } from './trial.ts'

/** Plays one operation of a log at its time; gives what it made. An FdsError refuses it and changes nothing. */
export function playOperation(
  state: StudyState,
  operation: Operation,
  { worker, time }: { readonly worker: number; readonly time: number },
): unknown {
  switch (operation.kind) {
    case 'create':
      return state.create(operation.direction)
    case 'attr':
      return state.setUserAttr(operation.name, operation.value, operation.once)
    case 'enqueue':
      return state.enqueue(operation.params, operation.skipIfExists)
    case 'add':
      return state.add(operation.trial)
    case 'start':
      return state.start(time, { ...operation, worker })
    case 'tell':
      return state.tell(operation.number, operation.told, time)
    case 'takeOver':
      return state.takeOver(operation.worker, { by: worker, time })
    default:
      return changeTrial(state, operation)
  }
}

function changeTrial(state: StudyState, operation: TrialOperation): void {
  const record = state.trials[operation.number]
  // its worker was taken for dead and has not heard of it yet
  if (record?.state !== 'RUNNING') return
  switch (operation.kind) {
    case 'plan':
      record.planned = operation.params
      return
    case 'suggest':
      suggest(state, record, operation)
      return
    case 'report':
      record.intermediateValues[operation.step] = operation.value
      return
    case 'trialAttr':
      record.userAttrs[operation.name] = operation.value
  }
}

function suggest(
  state: StudyState,
  record: TrialRecord,
  { name, distribution, value }: Extract<TrialOperation, { kind: 'suggest' }>,
): void {
  record.params[name] = value
  record.distributions[name] = state.share(name, distribution)
}
