import { language } from './language/index.js';

/** The width and height of the curve's drawing, and the most points that it has. */
const [WIDTH, HEIGHT, POINTS] = [160, 48, 80];

/** The points of a curve of losses for SVG: each is the mean of some steps, and the scale goes by what is there. */
export function curveOf(losses: readonly number[]): string {
  const each = Math.max(1, Math.ceil(losses.length / POINTS));
  const means: number[] = [];
  for (let at = 0; at < losses.length; at += each) {
    const some = losses.slice(at, at + each);
    means.push(some.reduce((sum, loss) => sum + loss, 0) / some.length);
  }
  const [least, most] = [Math.min(...means), Math.max(...means)];
  return means
    .map((mean, i) => {
      const x = (WIDTH * i) / Math.max(1, means.length - 1);
      const y = 2 + (HEIGHT - 4) * (1 - (mean - least) / (most - least || 1));
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** A duration as people say it: seconds up to two minutes, then minutes. */
export function timeText(seconds: number): string {
  const minutes = seconds >= 120;
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: minutes ? 'minute' : 'second',
    maximumFractionDigits: 0,
  }).format(minutes ? seconds / 60 : seconds);
}
