// `npm run container-check`: whether Dockerfile, compose.yaml and docs/container.md agree with each other and with the command, as far as that can
// be said without a container engine: files that are copied, users, ports, variables; and what compose.yaml starts, started as processes
// (that takes Debian's redis-server). Usage: node scripts/container-check.mjs [FOLDER] [--read-only], by default this checkout. Build first. The last line
// is `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { limitOptions, listeningOptions } from '../dist/serve/options.js';
import { readCompose } from './container/compose.mjs';
import { readDockerfile } from './container/dockerfile.mjs';
import { hasRedis, rehearse } from './container/rehearsal.mjs';
import { root } from './setup.mjs';

const { values, positionals } = parseArgs({
  options: { 'read-only': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folder = resolve(positionals[0] ?? root);
let [passed, failed] = [0, 0];

function check(what, ok, why) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `: ${why}`}`);
  if (ok) passed += 1;
  else failed += 1;
}

/** Does something that finds problems, each of which is told. */
function checkAll(what, work) {
  const problems = [];
  const read = work(problems);
  check(what, problems.length === 0, problems.join('; '));
  return read;
}

const { files, engines } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const configurations = ['base', 'build', 'web'].map((name) => `tsconfig.${name}.json`);
const needed = [
  'package.json',
  'src',
  'scripts',
  'web',
  ...configurations,
  ...files.filter((name) => name !== 'dist'),
];
const image = checkAll(
  'the Dockerfile copies what there is, works as nobody special, and says whether it is well',
  (problems) => {
    const read = readDockerfile(folder, needed, problems);
    if (!engines.node.startsWith(`>=${Number.parseInt(read.base, 10)}.`))
      problems.push(`it has Node ${read.base}, and package.json asks for ${engines.node}`);
    if (read.port !== listeningOptions.port.default)
      problems.push(`it exposes ${read.port}, and the service listens at ${listeningOptions.port.default}`);
    if (!read.runs.some((line) => line?.includes(`recommends ${read.entry[0]}`)))
      problems.push(`nothing installs ${read.entry[0]}`);
    return read;
  },
);
const compose = checkAll('compose.yaml knows what it names, and keeps its queue', (problems) =>
  readCompose(folder, limitOptions.graceSeconds.default, problems),
);
checkAll('docs/container.md tells of every variable, port and profile', (problems) => {
  const page = readFileSync(join(folder, 'docs', 'container.md'), 'utf8');
  const told = [
    ...compose.variables,
    ...compose.ports,
    ...Object.values(compose.services).flatMap(({ profiles = [] }) =>
      profiles.map((name) => `--profile ${name}`),
    ),
    ...Object.keys(compose.services).map((name) => `\`${name}\``),
    image.user,
  ];
  problems.push(...told.filter((word) => !page.includes(word)).map((word) => `${word} is missing`));
});
if (values['read-only']) console.log('skipped: what compose.yaml starts is not started');
else if (hasRedis()) {
  const revela = [process.execPath, join(root, 'dist', 'cli', 'main.js')];
  await rehearse({ revela, services: compose.services, health: image.health, port: image.port, check });
} else {
  const reason = 'no redis-server; on Debian: npm run system-packages';
  if (process.env.CI === 'true') check('what compose.yaml starts', false, reason);
  else console.log(`skipped: what compose.yaml starts: ${reason}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
