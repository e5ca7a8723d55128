/** One day of the specification's course. */
export interface Day {
  /** Such as 2-1. */
  readonly number: string
  /** The notebook's name without ending, from the specification's tree of files. */
  readonly notebook: string
  /** The names of its exercises, in order. */
  readonly exercises: readonly string[]
  /** The questions of its interview points. */
  readonly questions: readonly string[]
}

/** A row of the specification's last table: a point, the days that teach it and the question that asks for it. */
export interface InterviewPoint {
  readonly point: string
  readonly days: readonly string[]
  readonly question: string
}

/** The days of the course as the specification lists them. */
export function daysOf(specification: string): Day[] {
  const notebooks = [...specification.matchAll(/(\d-\d)_\w+(?=\.ipynb)/g)]
  return notebooks.map(([notebook, number = '']) => {
    const section = specification.split(`\n## ${number}:`)[1]?.split('\n## ')[0] ?? ''
    return {
      number,
      notebook,
      exercises: [...section.matchAll(/^- 실습 \d+: (.+)$/gm)].map(([, name = '']) => name),
      questions: [...section.matchAll(/^\*\*Q: "(.+)"\*\*$/gm)].map(
        ([, question = '']) => question,
      ),
    }
  })
}

/** The eight points of the specification's last table. */
export function interviewPointsOf(specification: string): InterviewPoint[] {
  return [...specification.matchAll(/^\| \d \| (.+?) \| (.+?) \| "(.+?)" \|$/gm)].map(
    ([, point = '', days = '', question = '']) => ({
      point: point.replaceAll('*', ''),
      days: days.split(', '),
      question,
    }),
  )
}
