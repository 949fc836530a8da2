/**
 * ONNX Runtime's messages carry C++ paths, signatures and line breaks; people need the one line that says what was wrong.
 */
export function shortenOrtMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message
    .replaceAll('\u001b', '')
    .replaceAll(/\s+/g, ' ')
    // "/onnxruntime_src/…/file.cc:136 onnxruntime::…(…)::<lambda()> condition was false. reason"
    .replace(/^.*? was false\. /, '')
    .replace(/^\/\S+\.(?:cc|h):\d+ (?:.*\) )?/, '')
    .replace(
      /^Non-zero status code returned while running (\S+) node\. Name:'([^']*)' Status Message: /,
      '$1 ($2): ',
    )
    .trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
