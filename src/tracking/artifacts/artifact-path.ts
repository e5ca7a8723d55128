import { refuse } from '../protocol/refusal.ts'

/** Where uploads lie until they are whole; never listed, read or written by name. */
export const UPLOADS_FOLDER = '.uploads'

/**
 * A path below the artifact root that a client sent, as it may be used: relative, `/` between plain names. Refused
 * with "Invalid path" in every spelling that could mean something else: `..`, `.`, empty names, an absolute or drive
 * path, a backslash, a control character or `#`, be it written plainly or percent-encoded any number of times.
 *
 * @example
 * checkArtifactPath('1/ab/artifacts/model/MLmodel') // '1/ab/artifacts/model/MLmodel'
 */
export function checkArtifactPath(path: string): string {
  let spelling = path
  for (let round = 0; round < MOST_ENCODINGS; round++) {
    if (!isPlain(spelling)) refuseArtifactPath()
    const decoded = decodeOnce(spelling)
    if (decoded === spelling) return path
    spelling = decoded
  }
  return refuseArtifactPath()
}

/** The same for a folder: no path is the root itself, and one slash or `/.` at the end is no matter. */
export function checkFolderPath(path: string | undefined): string {
  const trimmed = (path ?? '').replace(/(^|\/)\.?$/, '')
  return trimmed === '' ? '' : checkArtifactPath(trimmed)
}

export function refuseArtifactPath(): never {
  return refuse('INVALID_PARAMETER_VALUE', 'Invalid path')
}

const MOST_ENCODINGS = 10

function isPlain(path: string): boolean {
  const names = path.split('/')
  if (names.some((name) => name === '' || name === '.' || name === '..')) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\#]/.test(path) || /^[A-Za-z]:/.test(path)) return false
  return names[0] !== UPLOADS_FOLDER
}

/** One layer of percent-encoding less; broken escapes stay as they are. */
function decodeOnce(path: string): string {
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      // no UTF-8: read byte by byte, so that no escape of an ASCII character hides behind a broken one
      return escapes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    }
  })
}
