const ADJECTIVES =
  'able bold brave bright calm clear crisp eager fair fast fond gentle glad grand keen kind lively loyal lucky mild neat noble quick quiet rare sharp smart swift warm wise witty young'.split(
    ' ',
  )
const ANIMALS =
  'ant bear bee bird boar calf carp colt crab crane deer dove duck fawn finch fish fox frog goose hare hawk heron horse lamb lark mole moose otter owl seal swan wolf'.split(
    ' ',
  )

/** A name such as `brave-heron-417`, as MLflow gives runs and models that came without one. */
export function createName(random: { uint32(): number }): string {
  const pick = (words: readonly string[]): string => words[random.uint32() % words.length]!
  return `${pick(ADJECTIVES)}-${pick(ANIMALS)}-${random.uint32() % 1000}`
}
