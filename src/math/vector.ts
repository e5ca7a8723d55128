/** A vector of numbers as callers hold it: a plain array or any typed array. */
export type Vector = ArrayLike<number>
