/** What a program saw of a server: by scenario and step plain values, as `scenarios/record.py` writes them. */
export type Transcript = Readonly<Record<string, Readonly<Record<string, Plain>>>>

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }

/**
 * The same with all that differs from one run of the program to the next replaced: ids by their order of
 * appearance, times and drawn names by a word.
 */
export function normalise(steps: Transcript[string]): Transcript[string] {
  const ids = new Map<string, string>()
  const known = (id: string, kind: string): string => {
    const found = ids.get(id) ?? `<${kind} ${ids.size + 1}>`
    ids.set(id, found)
    return found
  }
  const text = (value: string): string =>
    value
      .replace(/\bm-(?!0{32})[0-9a-f]{32}\b/g, (id) => known(id, 'model'))
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
      .replace(/\b(?!0{32})[0-9a-f]{32}\b/g, (id) => known(id, 'id'))
      .replace(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?/g, '<time>')
      .replace(/\b1[5-9]\d{11}\b/g, '<time>')
      .replace(/\/tmp\/tmp\w+/g, '<folder>')
      .replace(/^[a-z]+-[a-z]+-\d{1,3}$/, '<name>')
  const plain = (value: Plain): Plain => {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return value > 1.5e12 && value < 2e12 ? '<time>' : value
    if (value === null || typeof value === 'boolean') return value
    if (isList(value)) return value.map(plain)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [text(name), plain(member)]))
  }
  return plain(steps) as Transcript[string]
}

/** Where two values differ, as lines `path: ours …, MLflow's …`. */
export function differences(ours: Plain | undefined, theirs: Plain | undefined, path = ''): string[] {
  const [left, right] = [membersOf(ours), membersOf(theirs)]
  if (left === undefined || right === undefined) {
    return ours === theirs ? [] : [`${path}: ours ${short(ours)}, MLflow's ${short(theirs)}`]
  }
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
    differences(left.get(name), right.get(name), path ? `${path}.${name}` : name),
  )
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

function membersOf(value: Plain | undefined): Map<string, Plain> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, Plain>(Object.entries(value))
}

function short(value: Plain | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
