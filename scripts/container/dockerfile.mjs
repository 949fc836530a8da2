// What can be said of a Dockerfile without building it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';

const known = 'ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK RUN USER WORKDIR'.split(' ');

/** The words of an instruction that is written as a list, as Docker asks for where signals are to arrive. */
function listOf(instruction, problems) {
  const text = instruction.getArgumentsContent() ?? '';
  try {
    return JSON.parse(text.slice(text.indexOf('[')));
  } catch {
    problems.push(`${instruction.getKeyword()} is no list of words: ${text}`);
    return [];
  }
}

/** The instructions of each stage, by its name; those that have none are numbered. */
function stagesOf(instructions) {
  const stages = new Map();
  let stage = [];
  for (const instruction of instructions) {
    if (instruction.getKeyword() === 'FROM') {
      stage = [];
      stages.set(instruction.getBuildStage() ?? String(stages.size), stage);
    }
    stage.push(instruction);
  }
  return stages;
}

const words = (instruction) => instruction.getArguments().map((argument) => argument.getValue());

/** What COPY takes from the checkout. */
const copiesOf = (stage) =>
  stage.filter((instruction) => instruction.getKeyword() === 'COPY' && instruction.getFromFlag() === null);

/** The files that git knows in a folder; undefined where it knows none. */
function trackedIn(folder) {
  const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: folder, encoding: 'utf8' });
  return status === 0 ? stdout.split('\0').filter((name) => name !== '') : undefined;
}

/** What of the checkout is copied and is not there, or is not sent along. */
function checkCopies(folder, stages, problems) {
  const ignored = readFileSync(join(folder, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  const tracked = trackedIn(folder);
  const within = (path, above) => path === above || path.startsWith(`${above}/`);
  const names = [...stages.keys()];
  const copied = [];
  for (const [at, stage] of [...stages.values()].entries()) {
    for (const instruction of stage) {
      const from = instruction.getKeyword() === 'COPY' ? instruction.getFromFlag()?.getValue() : undefined;
      if (from !== undefined && !names.slice(0, at).includes(from))
        problems.push(`COPY takes from ${from}, which is no stage before it`);
    }
    for (const source of copiesOf(stage).flatMap((instruction) => words(instruction).slice(0, -1))) {
      copied.push(source);
      if (!existsSync(join(folder, source))) problems.push(`COPY names ${source}, which is not there`);
      else if (tracked !== undefined && !tracked.some((path) => within(path, source)))
        problems.push(`COPY names ${source}, which is not in the repository`);
      if (ignored.some((name) => within(source, name)))
        problems.push(`COPY names ${source}, which .dockerignore leaves out`);
    }
  }
  return copied;
}

/**
 * Looks at a Dockerfile.
 *
 * @param folder where it and the files that it copies lie
 * @param needed files and folders that the package is made of
 * @returns what it says: its port, its user, the words that check its health and those that begin and are the command
 */
export function readDockerfile(folder, needed, problems) {
  const file = DockerfileParser.parse(readFileSync(join(folder, 'Dockerfile'), 'utf8'));
  const instructions = file.getInstructions();
  for (const instruction of instructions)
    if (!known.includes(instruction.getKeyword()))
      problems.push(`${instruction.getKeyword()} is not known here`);
  const stages = stagesOf(instructions);
  const copied = checkCopies(folder, stages, problems);
  for (const name of needed.filter((one) => !copied.includes(one)))
    problems.push(`nothing copies ${name}, which the package is made of`);
  const last = [...stages.values()].at(-1) ?? [];
  const find = (keyword) => last.findLast((instruction) => instruction.getKeyword() === keyword);
  const list = (keyword) => {
    const found = find(keyword);
    if (found !== undefined) return listOf(found, problems);
    problems.push(`the image has no ${keyword}`);
    return [];
  };
  const [base = ''] = file.getARGs().flatMap(words);
  const read = {
    base: base.replace(/^NODE=/, ''),
    user: find('USER')?.getArgumentsContent() ?? 'root',
    port: Number(find('EXPOSE')?.getArgumentsContent()),
    health: list('HEALTHCHECK'),
    entry: list('ENTRYPOINT'),
    command: list('CMD'),
    runs: instructions.filter((one) => one.getKeyword() === 'RUN').map((one) => one.getArgumentsContent()),
  };
  for (const from of file.getFROMs())
    if (from.getImage() !== `node:\${NODE}`) problems.push(`${from.getImage()} is not node:\${NODE}`);
  if (!/^\d+(?:\.\d+)*-[a-z]+-slim$/.test(read.base)) problems.push(`${read.base} is not a slim Debian`);
  if (/^(?:root|0)?$/.test(read.user)) problems.push('the image works as root');
  if (!read.health.join(' ').includes(`127.0.0.1:${read.port}/healthz`))
    problems.push(`HEALTHCHECK does not ask /healthz at the port ${read.port}`);
  return read;
}
