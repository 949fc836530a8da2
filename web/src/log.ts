const lines: string[] = [];

/** So many lines are kept. */
const MOST = 200;

/** Names that are never told. */
const hidden = new Set<string>();

/** Keeps the name of a file out of all that is copied: pictures go by their numbers. */
export function hideName(name: string): void {
  if (name !== '') hidden.add(name);
}

/** A text without the names of files. */
function withoutNames(text: string): string {
  return [...hidden]
    .sort((a, b) => b.length - a.length)
    .reduce((told, name) => told.replaceAll(name, 'the picture'), text);
}

/** Notes what happened, for who copies the details of an error. */
export function note(line: string): void {
  const time = (performance.now() / 1000).toFixed(1);
  lines.push(`${time} s  ${line}`);
  if (lines.length > MOST) lines.splice(0, lines.length - MOST);
}

/** What is wrong, then what happened, line by line, after the versions of all that took part; no file is named. */
export function details(trouble: string, engine: string, address: string): string {
  return [
    withoutNames(trouble),
    '',
    `Revela ${__REVELA__}, ONNX Runtime ${__RUNTIME__}`,
    `${navigator.userAgent}`,
    `isolated: ${globalThis.crossOriginIsolated}; cores: ${navigator.hardwareConcurrency}; screen: ${innerWidth}×${innerHeight} ×${devicePixelRatio}`,
    `engine: ${engine}`,
    `settings: ${address || 'as at first'}`,
    '',
    ...lines.map(withoutNames),
    '',
  ].join('\n');
}
