import { lags } from './measure.mjs';

const [panelWidth, panelHeight, gap] = [330, 220, 60];
const steps = [10, 30, 50, 70, 90, 110, 130, 150, 170, 190, 210, 230, 250];

/** Four charts: each camera a line, the middle 95 of 100 drawn charts a band. */
export function chartsOf(cameras, draws) {
  const brightness = (list) =>
    list.map(({ patches }) =>
      steps.slice(1).map((to, i) => {
        const inside = patches.filter((p) => p.brightness >= steps[i] && p.brightness < to);
        const variance = inside.reduce((sum, { luma }) => sum + luma.variance, 0) / inside.length;
        return Math.log2(Math.max(0.2, Math.sqrt(variance)));
      }),
    );
  const correlation = (plane, direction) => (list) =>
    list.map(({ measured }) => measured[plane]?.[direction] ?? []);
  const middles = steps.slice(1).map((to, i) => (to + steps[i]) / 2);
  const noise = {
    ...{ title: 'luma noise (σ, of 255) against brightness', x: middles, ends: [0, 255], of: brightness },
    ...{ range: [-2.4, 5], ticks: [-2, -1, 0, 1, 2, 3, 4, 5], label: (t) => String(2 ** t) },
  };
  const related = (title, of) => ({
    ...{
      title,
      of,
      x: lags,
      ends: [0.8, 4.2],
      range: [-0.3, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
      label: String,
    },
  });
  const panels = [
    noise,
    related('luma: correlation over 1 to 4 pixels of a row', correlation('luma', 'across')),
    related('chroma: the same of a row', correlation('chroma', 'across')),
    related('chroma: of a column', correlation('chroma', 'down')),
  ];
  const [width, height] = [2 * (panelWidth + gap), 2 * (panelHeight + gap)];
  const drawn = panels.map((panel, i) => {
    const place = `translate(${gap - 10 + (i % 2) * (panelWidth + gap)} ${30 + Math.floor(i / 2) * (panelHeight + gap)})`;
    return `<g transform="${place}">${drawPanel(panel, panel.of(cameras), panel.of(draws))}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11"><title>Noise of 28 cameras and of the model: the range of the model and each measured camera</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, x, ends, range, ticks, label }, lines, drawn) {
  const across = (value) => (((value - ends[0]) / (ends[1] - ends[0])) * panelWidth).toFixed(1);
  const down = (value) => ((1 - (value - range[0]) / (range[1] - range[0])) * panelHeight).toFixed(1);
  const path = (values) =>
    values
      .map((value, i) => (Number.isFinite(value) ? `${across(x[i])},${down(Math.min(range[1], value))}` : ''))
      .join(' ');
  const quantile = (q) =>
    x.map((_, i) => {
      const sorted = drawn
        .map((values) => values[i])
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      return sorted[Math.round(q * (sorted.length - 1))];
    });
  const [least, middle, most] = [0.025, 0.5, 0.975].map(quantile);
  const back = (values) => path(values).split(' ').reverse().join(' ');
  return [
    `<polygon points="${path(most)} ${back(least)}" fill="#cfe3f7"/>`,
    `<polyline points="${path(middle)}" fill="none" stroke="#2a6fb0" stroke-width="2"/>`,
    ...lines.map(
      (values) =>
        `<polyline points="${path(values)}" fill="none" stroke="#333" stroke-width="0.6" opacity="0.7"/>`,
    ),
    `<rect width="${panelWidth}" height="${panelHeight}" fill="none" stroke="#888"/>`,
    ...ticks.map((t) => `<text x="-5" y="${down(t)}" dy="4" text-anchor="end">${label(t)}</text>`),
    ...x.map(
      (value) => `<text x="${across(value)}" y="${panelHeight + 14}" text-anchor="middle">${value}</text>`,
    ),
    `<text x="0" y="-8" font-size="13">${title}</text>`,
  ].join('\n');
}
