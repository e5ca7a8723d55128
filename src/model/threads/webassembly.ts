/** A memory that several threads and their kernels work on. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer
  /** Adds pages of 64 KiB; returns how many there were. */
  grow(pages: number): number
}

interface WebAssemblyNamespace {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => SharedMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: { env: { memory: SharedMemory } },
  ) => { readonly exports: unknown }
}

/** The part of the global WebAssembly that this room uses: TypeScript declares it in the DOM's library only. */
export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyNamespace }
