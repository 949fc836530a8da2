import { kindOf } from '../api/index.js';
import type { ReportedRun } from './run.js';

/** What a run trains. */
export const runTitle = ({ settings }: Pick<ReportedRun, 'settings'>): string => kindOf(settings).title;

/** What the numbers on a page of these runs are; with the kinds of training where there are several. */
export function numberTerms(runs: readonly Pick<ReportedRun, 'settings'>[]): string {
  const titles = new Map<string, string[]>();
  for (const { title, numbers } of new Set(runs.map(({ settings }) => kindOf(settings)))) {
    titles.set(numbers, [...(titles.get(numbers) ?? []), title]);
  }
  const sentences = [...titles].map(([numbers, of]) =>
    titles.size === 1 ? `${numbers}.` : `Of ${of.join(' or ')}: ${numbers}.`,
  );
  const text = sentences.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
