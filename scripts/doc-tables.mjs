// `npm run doc-tables`: writes the tables of docs/ that are made of the measures' descriptors, between `<!-- NAME -->` and
// `<!-- /NAME -->`. With --check it writes nothing and says which page differs; a test does that.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  defaultMeasure,
  docsPages,
  measures,
  referenceMeasures,
  scoringOptions,
} from '../dist/api/choices.js';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');

const tableOf = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |'))
    .join('\n');

/** `0 to 100`, `0 and more, usually 2 to 15`, `usually 0 to 100`. */
function rangeOf({ range: [least, greatest], usual }) {
  const usually = usual === undefined ? '' : `usually ${usual[0]} to ${usual[1]}`;
  const whole = Number.isFinite(greatest) ? `${least} to ${greatest}` : `${least} and more`;
  if (!Number.isFinite(least)) return usually === '' ? 'any number' : usually;
  return usually === '' ? whole : `${whole}, ${usually}`;
}

const flagOf = (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const tables = {
  measures: () =>
    tableOf(
      ['name', 'range', 'better', 'learned from opinions', 'map', 'needs', 'page'],
      Object.values(measures).map(({ name, better, fromOpinions, hasMap, needs, ...facts }) => [
        name === defaultMeasure ? `\`${name}\`, the default` : `\`${name}\``,
        rangeOf(facts),
        better,
        fromOpinions ? 'yes' : 'no',
        hasMap ? 'yes' : 'no',
        needs.length === 0 ? 'nothing' : needs.join('; '),
        `[${docsPages[name]}](${docsPages[name]})`,
      ]),
    ),
  'measure-options': () =>
    tableOf(
      ['option', 'of', 'what', 'default'],
      Object.entries(scoringOptions)
        .filter(([, { typable }]) => typable)
        .map(([name, { fields = { [name]: {} }, words, usual, default: value, of }]) => [
          Object.keys(fields)
            .map((flag) => `\`${flagOf(flag)}\``)
            .join(', '),
          of.map((owner) => `\`${owner}\``).join(', '),
          words,
          usual ?? String(value),
        ]),
    ),
  'reference-measures': () =>
    tableOf(
      ['name', 'what', 'better', 'range', 'least size'],
      referenceMeasures.map(({ name, summary, better, smallest, ...facts }) => [
        `\`${name}\``,
        summary,
        better,
        rangeOf(facts),
        `${smallest.width}×${smallest.height}`,
      ]),
    ),
};

/** The pages, and the tables in them. */
const pages = { 'score.md': ['measures', 'measure-options'], 'compare.md': ['reference-measures'] };

const check = process.argv.includes('--check');
for (const [page, names] of Object.entries(pages)) {
  const file = join(docs, page);
  const before = readFileSync(file, 'utf8');
  let after = before;
  for (const name of names) {
    const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!between.test(after)) throw new Error(`docs/${page} has no place for the table ${name}`);
    after = after.replace(between, (_, begin, end) => `${begin}${tables[name]()}\n${end}`);
  }
  if (check && after !== before) {
    console.error(`doc-tables: docs/${page} differs from what the measures say; run \`npm run doc-tables\``);
    process.exitCode = 1;
  } else if (!check) writeFileSync(file, after);
}
