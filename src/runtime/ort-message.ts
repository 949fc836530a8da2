/**
 * ONNX Runtime's messages carry C++ paths, signatures and line breaks; people need the one line that says what was wrong.
 */
export function shortenOrtMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const asked = outOfMemory.exec(message);
  if (asked !== null) return memoryMessage(Number(asked[1] ?? 0));
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

/** What ONNX Runtime and the C++ library say when memory runs out, with the bytes that were asked for where they are said. */
const outOfMemory =
  /Failed to allocate memory for requested buffer of size (\d+)|bad_alloc|Available memory of \d+ is smaller than requested bytes of \d+|array buffer allocation failed/i;

const MEMORY = 'the memory of the device ran out';

/** Whether a shortened message says that memory ran out. */
export const isOutOfMemory = (message: string): boolean => message.startsWith(MEMORY);

/** Whether a message says that ONNX Runtime itself could not be opened, as where its files could not be had: it does not try again. */
export const isUnopened = (message: string): boolean => message.startsWith('no available backend found');

function memoryMessage(bytes: number): string {
  const asked = bytes === 0 ? '' : `: ${(bytes / 1e9).toFixed(1)} GB more were asked for`;
  return `${MEMORY}${asked}; make smaller what is worked on at once (\`tile\` of a picture, \`batch\` or \`patch\` of a training)`;
}
