/** A point of a curve. */
interface Point {
  readonly level: number;
  readonly value: number;
}

/** Straight lines between points that go up; beyond them what the nearest says. */
export function throughPoints(points: readonly Point[]): (level: number) => number {
  const [first] = points;
  if (first === undefined) return () => 0;
  return (level) => {
    let i = 0;
    while (i < points.length - 2 && (points[i + 1]?.level ?? 0) < level) i += 1;
    const { level: from, value: low } = points[i] ?? first;
    const { level: to, value: high } = points[i + 1] ?? points[i] ?? first;
    const share = to > from ? Math.min(1, Math.max(0, (level - from) / (to - from))) : 0;
    return low + (high - low) * share;
  };
}
