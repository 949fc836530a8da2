import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What the script that writes the report exports; it is JavaScript. */
interface Reporter {
  apiReports(): ReadonlyMap<string, string>;
}
const address: string = new URL('../../scripts/api-report.mjs', import.meta.url).href;
const { apiReports }: Reporter = await import(address);

it.each([...apiReports()])(
  'what %s gives is what api-report/ says (npm run api-report writes it; CHANGELOG.md tells of it)',
  (name, text) => {
    const file = new URL(`../../api-report/${name}.d.ts.txt`, import.meta.url);
    expect(text).toBe(readFileSync(file, 'utf8'));
  },
);
