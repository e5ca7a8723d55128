/** A float32 on its own. A plain number in a document is an integer. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A list whose numbers have one type, which UBJSON keeps. */
export type TypedList = Uint8Array | Int32Array | BigInt64Array | Float32Array

/**
 * What a model file is made of, for writing. A typed array says how UBJSON stores its numbers, which XGBoost's reader
 * insists on; a plain list stores each item with its own type. JSON writes both alike.
 */
export type DocumentValue =
  | string
  | number
  | Float
  | TypedList
  | readonly DocumentValue[]
  | { readonly [name: string]: DocumentValue }
