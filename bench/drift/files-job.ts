/** One comparison: what both programs are asked, as one JSON argument. */
export interface FilesJob {
  readonly reference: string
  readonly current: string
  /** Where the page is written. */
  readonly out: string
}

/** What both answer, as one JSON line. */
export interface FilesAnswer {
  /** From the start of the process to its answer. */
  readonly processSeconds: number
  /** The same without starting the language and importing the library. */
  readonly seconds: number
  /** Processor time, user and system, of the whole process. */
  readonly processorSeconds: number
  /** The most memory that was ever resident, in bytes. */
  readonly peak: number
  readonly columns: number
  readonly drifted: number
}
