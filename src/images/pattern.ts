/** Whether a text has what patterns are made of: `*`, `?`, `[ab]` or `{a,b}`. */
export function isPattern(text: string): boolean {
  return /[*?]|\[.+\]/su.test(text) || firstChoice(text) !== undefined;
}

/** A pattern's first `{a,b}`, by what it can stand for; `undefined` if it has none. */
export function choicesOf(text: string): readonly string[] | undefined {
  const choice = firstChoice(text);
  if (choice === undefined) return undefined;
  const { from, to, options } = choice;
  return options.map((option) => text.slice(0, from) + option + text.slice(to));
}

/** What of a path stands between two slashes, as a rule for names. Letters of either case are not the same. */
export function nameRule(segment: string): (name: string) => boolean {
  let source = '';
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at] ?? '';
    const set = character === '[' ? /^\[([!^]?)(\]?[^\]]+)\]/u.exec(segment.slice(at)) : null;
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replaceAll(/[\\\]^[]/gu, String.raw`\$&`)}]`;
      at += set[0].length - 1;
    } else source += character.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
  }
  const rule = asRule(source);
  return (name) => rule.test(name);
}

/** A set that is none, such as `[z-a]`, matches nothing. */
function asRule(source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return /^(?!)/u;
  }
}

interface Choice {
  readonly from: number;
  readonly to: number;
  readonly options: readonly string[];
}

function firstChoice(text: string): Choice | undefined {
  for (let from = text.indexOf('{'); from >= 0; from = text.indexOf('{', from + 1)) {
    const options: string[] = [];
    let depth = 0;
    let begin = from + 1;
    for (let at = from; at < text.length; at++) {
      const character = text[at];
      if (character === '{') depth++;
      else if (character === ',' && depth === 1) {
        options.push(text.slice(begin, at));
        begin = at + 1;
      } else if (character === '}' && --depth === 0) {
        options.push(text.slice(begin, at));
        if (options.length > 1) return { from, to: at + 1, options };
        break;
      }
    }
  }
  return undefined;
}
