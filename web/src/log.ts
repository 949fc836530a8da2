const lines: string[] = [];

/** So many lines are kept. */
const MOST = 200;

/** Notes what happened, for who copies the details of an error: pictures go by their numbers, never by their names. */
export function note(line: string): void {
  const time = (performance.now() / 1000).toFixed(1);
  lines.push(`${time} s  ${line}`);
  if (lines.length > MOST) lines.splice(0, lines.length - MOST);
}

/** What happened, line by line, after the versions of all that took part. */
export function details(engine: string, address: string): string {
  return [
    `Revela ${__REVELA__}, ONNX Runtime ${__RUNTIME__}`,
    `${navigator.userAgent}`,
    `isolated: ${globalThis.crossOriginIsolated}; cores: ${navigator.hardwareConcurrency}; screen: ${innerWidth}×${innerHeight} ×${devicePixelRatio}`,
    `engine: ${engine}`,
    `settings: ${address || 'as at first'}`,
    '',
    ...lines,
    '',
  ].join('\n');
}
