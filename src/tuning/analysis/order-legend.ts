import { FONT, SCALE, SOFT, TEXT } from './draw-svg.ts'

/** A bar of the colours of `SCALE` at the top right, from the first to the last, with what both ends stand for. */
export function orderLegend(input: {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly colors?: readonly string[]
}) {
  const { name, from, to, colors = SCALE } = input
  const text = (x: number, content: string, align: 'left' | 'right', fill: string) => ({
    type: 'text' as const,
    x,
    y: 8,
    style: { text: content, fill, fontSize: 12, fontFamily: FONT, align, verticalAlign: 'middle' as const },
  })
  const bars = colors.map((fill, i) => ({
    type: 'rect' as const,
    shape: { x: (i * 128) / colors.length, y: 2, width: 128 / colors.length + 0.5, height: 12 },
    style: { fill },
  }))
  return {
    graphic: [
      {
        type: 'group' as const,
        right: 24,
        top: 40,
        children: [...bars, text(-8, `${name}  ${from}`, 'right', TEXT), text(136, to, 'left', SOFT)],
      },
    ],
  }
}
