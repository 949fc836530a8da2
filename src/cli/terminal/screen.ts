import type { Progress } from '../../api/index.js';
import type { Context, Output } from '../context.js';
import { factsInCommandWords, inCommandWords } from './command-words.js';
import { createReporter } from './progress.js';
import { printable, printableJson } from '../../printable.js';

/**
 * Where a command shows what happens. People read standard error: progress, notes and a summary. Standard output is for
 * programs: the names of the files written, one a line; with `--json`, everything as lines of JSON instead.
 */
export interface Screen {
  readonly report: (progress: Progress) => void;
  note(message: string): void;
  /** Writes a line for programs; nothing where people read. */
  tell(facts: Readonly<Record<string, unknown>>): void;
  /** A file was written; `input` is what it was made from. */
  written(input: string, output: string): void;
  /** What could not be done, a line each, after the progress; with `--json` the last line holds it. */
  failed(messages: readonly string[]): void;
  /** The last line: a sentence for people, facts for programs. */
  done(summary: string, facts: Readonly<Record<string, unknown>>): void;
  /** Ends the line in progress: what is shown later starts on its own. */
  endLine(): void;
}

/**
 * Shows progress, with a line before it that says what is about to happen. The library begins to report once it has
 * found nothing wrong with what it was given; before that the line would stand above a refusal.
 */
export function announced(intention: string, { note, report }: Screen): (progress: Progress) => void {
  let told = false;
  return (progress) => {
    if (!told) note(intention);
    told = true;
    report(progress);
  };
}

/** The path of a file as a line: as it is for programs, and without what could harm a terminal where people read it. */
export function pathLine(path: string, { isTTY }: Pick<Context['stdout'], 'isTTY'>): string {
  return `${isTTY === true ? printable(path) : path}\n`;
}

/** What is shown to people who want to see errors only. */
const silence: Output = { write: () => undefined };

/** Opens the screen of a command; where it is quiet, people see what failed and nothing else. */
export function openScreen({ stdout, stderr, colour, quiet = false }: Context, json: boolean): Screen {
  const told = quiet ? silence : stderr;
  const shown = createReporter({
    json,
    stream: json ? stdout : told,
    interactive: !json && told.isTTY === true,
    columns: () => stderr.columns ?? 80,
    colour,
  });
  const report = (progress: Progress): void =>
    shown(progress.kind === 'note' ? { ...progress, message: inCommandWords(progress.message) } : progress);
  // On a terminal that shows both, the line of the progress says it already.
  const listsFiles = !json && !(stdout.isTTY === true && stderr.isTTY === true);
  return {
    report,
    note: (message) => report({ kind: 'note', message }),
    tell: (facts) => void (json && stdout.write(`${printableJson(factsInCommandWords(facts))}\n`)),
    written(input, output) {
      report({ kind: 'written', input, output });
      if (listsFiles) stdout.write(pathLine(output, stdout));
    },
    failed(messages) {
      shown.close();
      if (!json)
        for (const message of messages) stderr.write(`revela: ${printable(inCommandWords(message))}\n`);
    },
    done(summary, facts) {
      shown.close();
      if (json) stdout.write(`${printableJson({ kind: 'done', ...factsInCommandWords(facts) })}\n`);
      else told.write(`${printable(summary)}\n`);
    },
    endLine: () => shown.close(),
  };
}
