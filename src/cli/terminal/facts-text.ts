import { printable } from '../../printable.js';

/** What one fact is called, and the fact. */
export type Fact = readonly [label: string, value: string];

/** A table of facts, one a line, under a heading. */
export function factsText(heading: string, facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  const lines = facts.map(([label, value]) => `  ${label.padEnd(width)}${printable(value)}`);
  return `${[printable(heading), ...lines].join('\n')}\n`;
}
