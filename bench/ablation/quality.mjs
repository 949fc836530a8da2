import { calibrateSfdIqa, evaluateQuality } from '#src/api/index.js';
import { sfdCombinations } from '#src/measures/index.js';

/** SFD-IQA of a run on pictures that people judged, by every rule, beside the shipped scorer; a Markdown table. */
export async function qualityTable({ run, backbone, calibration, output, opinions, tell }) {
  const judges = output;
  const cpu = { device: 'cpu' };
  await calibrateSfdIqa({ judges: run, backbone, pictures: calibration, output, overwrite: true, ...cpu });
  const rules = [
    { title: 'the shipped scorer', metrics: ['revela'] },
    ...sfdCombinations.map((combine) => ({
      title: `SFD-IQA, ${combine}`,
      metrics: ['sfd-iqa'],
      ...{ judges, backbone, combine },
    })),
  ];
  const lines = ['| | SRCC | PLCC | KRCC |', '|---|---|---|---|'];
  for (const { title, metrics, ...options } of rules) {
    const { measures } = await evaluateQuality({ ...opinions, metrics, ...options, ...cpu });
    const [{ agreement }] = measures;
    const cells = ['srcc', 'plcc', 'krcc'].map((key) => {
      const { value, low, high } = agreement[key];
      return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
    });
    lines.push(`| ${title} | ${cells.join(' | ')} |`);
    tell(lines.at(-1));
  }
  return lines.join('\n');
}
