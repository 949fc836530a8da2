// What a file of TypeScript imports, as text: for `scripts/rooms.mjs`.

/** Blanks comments that start a line, keeping the line breaks, so that examples in them are no imports. */
function withoutComments(text) {
  return text.replace(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm, (comment) => comment.replace(/[^\n]/g, ' '));
}

// The formatter starts every import and re-export at the beginning of a line, which is what makes this enough.
const clause = String.raw`(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)?`;
const patterns = [
  {
    kind: 'static',
    regex: new RegExp(String.raw`^(?:import|export)\s+(type\s+)?${clause}\s*from\s*(['"])(.+?)\2`, 'gm'),
  },
  { kind: 'static', regex: /^import\s*()(['"])(.+?)\2/gm },
  { kind: 'dynamic', regex: /\bimport\(\s*()(['"])(.+?)\2/g },
  { kind: 'worker', regex: /\bnew URL\(\s*()(['"])(\.{1,2}\/.+?\.js)\2\s*,\s*import\.meta\.url/g },
];

/** Every import of a file, with its line and whether it vanishes when compiled. */
export function importsOf(text) {
  const code = withoutComments(text);
  return patterns.flatMap(({ kind, regex }) =>
    [...code.matchAll(regex)].map((match) => ({
      kind,
      typeOnly: Boolean(match[1]),
      target: match[3],
      line: code.slice(0, match.index).split('\n').length,
    })),
  );
}
