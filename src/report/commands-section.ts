import { resumeCommandLine, trainCommandLine } from './command-line.js';
import { html, type Markup } from './html.js';
import { shellWord } from './options.js';
import type { ReportedRun } from './run.js';
import { runName } from './run-name.js';

/** How to do each run again, how to go on with one that is not finished, and how to make this page anew. */
export async function commandsSection(runs: readonly ReportedRun[]): Promise<Markup> {
  const parts: Markup[] = [];
  for (const [index, { label, path, settings, finished }] of runs.entries()) {
    const again = await trainCommandLine(settings, `${path.replace(/[\\/]+$/, '')}-again`);
    const resume = finished
      ? ''
      : html`<p>Go on with it:</p><pre><code>${resumeCommandLine(settings, path)}</code></pre>`;
    parts.push(html`<h3>${runName(label, index)}</h3>\n<pre><code>${again}</code></pre>\n${resume}`);
  }
  const report = `revela report ${runs.map(({ path }) => shellWord(path)).join(' ')}`;
  return html`<section aria-labelledby="commands"><h2 id="commands">Commands</h2>
${parts}<h3>This page</h3>
<pre><code>${report}</code></pre>
</section>`;
}
