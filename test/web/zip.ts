import { openPromise as openZip } from 'yauzl';

/** The names of the files in a zip file. */
export async function namesInZip(file: string): Promise<string[]> {
  const zip = await openZip(file);
  const names: string[] = [];
  for await (const { fileName } of zip.eachEntry()) names.push(fileName);
  return names;
}
