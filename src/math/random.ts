/** A seeded source of chance. The only one below `cli`, where the built-in generator is not used. */
export interface Random {
  /** Uniform in [0, 1) with 53 bits. */
  next(): number
  /** Uniform 32-bit unsigned integer. */
  uint32(): number
  /** Uniform integer in [0, bound), without modulo bias worth measuring (53-bit scaling). */
  int(bound: number): number
  /** Standard normal (Box–Muller, one value a call so that the order of draws is plain). */
  normal(): number
  /** A new stream that depends on this one's seed and `name` alone, not on how far this one has run. */
  fork(name: string): Random
}

/**
 * Makes a generator from a seed: sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32.
 * Same seed, same sequence, on every machine. Cost O(1) a draw.
 *
 * @example
 * createRandom(1).next() === createRandom(1).next() // true
 */
export function createRandom(seed: number): Random {
  const mix = splitmix32(seed)
  let a = mix()
  let b = mix()
  let c = mix()
  let counter = 1

  const uint32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  const next = (): number => (uint32() * 0x200000 + (uint32() >>> 11)) / 0x20000000000000
  // the first outputs still resemble the seed
  for (let i = 0; i < 12; i++) uint32()

  return {
    next,
    uint32,
    int: (bound) => Math.floor(next() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => createRandom(hash32(`${seed}/${name}`)),
  }
}

function splitmix32(seed: number): () => number {
  let state = hash32(String(seed)) | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let t = state ^ (state >>> 16)
    t = Math.imul(t, 0x21f0aaad)
    t ^= t >>> 15
    t = Math.imul(t, 0x735a2d97)
    return t ^ (t >>> 15)
  }
}

/** FNV-1a over UTF-16 code units. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
