// The part of the global WebAssembly that this room uses: TypeScript declares it in the DOM's library only.
export {}

declare global {
  namespace WebAssembly {
    class Memory {
      constructor(descriptor: { initial: number; maximum: number; shared: true })
      readonly buffer: SharedArrayBuffer
      /** Adds pages of 64 KiB; returns how many there were. */
      grow(pages: number): number
    }
    class Module {
      constructor(bytes: Uint8Array)
    }
    class Instance {
      constructor(module: Module, imports: { env: { memory: Memory } })
      readonly exports: unknown
    }
  }
}
