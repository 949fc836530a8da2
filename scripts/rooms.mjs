// The house rule: src/ is rooms in a row, and imports only point to rooms further left.
//
//   webassembly → pixels → tensor → compile → runtime → nn → training → rounds → networks → noise → quality → denoise, upscale → models → apply → measures
//     → runs → restore → evaluation → api, redis → report, doors, serve, fleet → cli
//
// images and weights are leaves, open to networks and everything right of it; webassembly, pixels and options are open to all. A room is entered by
// its index.ts, and for the options that it declares by its options.ts; what only Node can run is in its folder node/, with an index.ts of its own.
// `#platform/NAME` is open to all; `#images/NAME` is the file of that name in images/node or images/web, for the room itself.
// The command (cli) enters api, report, serve and fleet only: whatever it can do, a TypeScript program can. serve and fleet enter api and redis only.
// The files in `commons` below stand beside the rooms, open to all;
// index.ts is the public face.
// No file imports itself by way of others. Usage: node scripts/rooms.mjs [FOLDER], by default src/.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cyclicGroups, shortestCycle } from './cycles.mjs';
import { importsOf } from './imports-of.mjs';

const columns = [
  ['tensor'],
  ['compile'],
  ['runtime'],
  ['nn'],
  ['training'],
  ['rounds'],
  ['networks'],
  ['noise'],
  ['quality'],
  ['denoise', 'upscale'],
  ['models'],
  ['apply'],
  ['measures'],
  ['runs'],
  ['restore'],
  ['evaluation'],
  ['api', 'redis'],
  ['report', 'doors', 'serve', 'fleet'],
  ['cli', 'web'],
];
const leaves = ['images', 'weights'];
/** All that the command enters. */
const roomsOfCommand = ['api', 'report', 'serve', 'fleet'];
/** What works for others, over a network or a queue, and all that it enters. */
const services = ['serve', 'fleet'];
const roomsOfServices = ['api', 'redis'];
/** Doors beside a room's index.ts, for what must be there at once. */
const sideDoors = [
  'api/models.ts',
  'api/training.ts',
  'api/rounds.ts',
  'options/plain.ts',
  'pixels/arithmetic.ts',
  'quality/arithmetic.ts',
];
/** The door of any room to what options choose among, which loads nothing that reads pictures or runs models. */
const choices = 'choices.ts';
/** The door to what runs on any platform, of a room of which the rest does not. */
const anywhere = 'anywhere.ts';
/** The door to the options that a room declares, for flags and help, without what does the work. */
const declarations = 'options.ts';
/** The ground that all rooms stand on, leaves too: each is open to all, and imports only those before it. */
const grounds = ['webassembly', 'pixels', 'options'];
/** What differs between platforms: `#platform/NAME` is the file of that name in node/ or web/ (`imports` in package.json). */
const platform = 'platform';
/** The folders of a room that only Node, or only a page, can run, each with an index.ts of its own; the rest of the room does without them. */
const platformParts = ['node', 'web'];
/** Files beside the rooms that are imported from everywhere, and so import nothing but each other. */
const commons = [
  'allowance.ts',
  'belongings.ts',
  'claim.ts',
  'confined.ts',
  'connection-errors.ts',
  'errors.ts',
  'file-errors.ts',
  'file-identity.ts',
  'handed-over.ts',
  'in-thread.ts',
  'make-folder.ts',
  'model-folder.ts',
  'once.ts',
  'option-checks.ts',
  'optional-peers.ts',
  'package-version.ts',
  'picture-limit.ts',
  'present.ts',
  'printable.ts',
  'process-identity.ts',
  'random.ts',
  'regular-file.ts',
  'sent-error.ts',
  'system-files.ts',
  'tokens.ts',
  'unless-stopped.ts',
  'write-beside.ts',
];
const columnOf = new Map(columns.flatMap((rooms, column) => rooms.map((room) => [room, column])));
const firstColumnWithLeaves = columnOf.get('networks');
const columnOfDoors = columnOf.get('cli');

const isRoom = (name) =>
  columnOf.has(name) || leaves.includes(name) || grounds.includes(name) || name === platform;

/** The room of a path relative to src/, or undefined for files that lie in src/ itself. */
function roomOf(path) {
  const parts = path.split('/');
  return parts.length > 1 ? parts[0] : undefined;
}

/** In which platform's part of its room a path relative to src/ lies, if in one. */
const platformPartOf = (path) => platformParts.find((part) => path.split('/')[1] === part);

/** Why a file may not import another one (both relative to src/), or undefined where it may. */
function objection(from, to, typeOnly) {
  const room = roomOf(from);
  const other = roomOf(to);
  if (commons.includes(from) && !commons.includes(to))
    return `${from} is imported from everywhere, so it imports nothing`;
  if (commons.includes(to)) return undefined;
  const doors = [
    `${other}/index.ts`,
    ...platformParts.map((part) => `${other}/${part}/index.ts`),
    `${other}/${choices}`,
    `${other}/${anywhere}`,
    `${other}/${declarations}`,
  ];
  if (room !== undefined && room === other) {
    const part = platformPartOf(to);
    return part !== undefined && part !== platformPartOf(from) && room !== platform
      ? `${room} runs on any platform, but for ${room}/${part}`
      : undefined;
  }
  if (room === platform) return 'platform is imported from everywhere, so it imports no room';
  if (other === platform) return `${to} is reached as #platform/…, so that each platform gets its own`;
  if (other === undefined) {
    if (to === 'index.ts' && columnOf.get(room) === columnOfDoors) return undefined;
    return `${to} is not open to ${room ?? from}: of the files beside the rooms, only ${commons.join(' and ')} are`;
  }
  if (!isRoom(other)) return `${other} is no room of the house`;
  if (!doors.includes(to) && !sideDoors.includes(to)) return `the room ${other} is entered by its index.ts`;
  if (room === undefined) return undefined;
  if (grounds.includes(room)) {
    const before = grounds.slice(0, grounds.indexOf(room));
    return before.includes(other)
      ? undefined
      : `${room} imports no room but ${before.join(', ') || 'itself'}`;
  }
  if (grounds.includes(other)) return undefined;

  if (leaves.includes(room)) {
    if (leaves.includes(other) && typeOnly) return undefined;
    return `${room} is a leaf: it imports no room (only types from ${leaves.filter((leaf) => leaf !== room).join(', ')})`;
  }
  if (services.includes(room) && !roomsOfServices.includes(other))
    return `${room} enters ${roomsOfServices.join(' and ')} only, not ${other}`;
  if (room === 'redis') return 'redis speaks with Redis, and imports no room';
  if (room === 'cli' && !roomsOfCommand.includes(other))
    return `the command enters ${roomsOfCommand.join(' and ')} only, not ${other}`;
  const column = columnOf.get(room);
  if (leaves.includes(other)) {
    return column >= firstColumnWithLeaves
      ? undefined
      : `${other} is open from networks onwards, not to ${room}`;
  }
  if (columnOf.get(other) < column) return undefined;
  return columnOf.get(other) === column
    ? `${room} and ${other} stand side by side and do not import each other`
    : `${other} stands right of ${room}, and imports point left`;
}

const source = resolve(process.argv[2] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), 'src'));
if (!existsSync(source)) {
  console.error(`rooms: ${source} does not exist; give the folder that holds the rooms`);
  process.exit(1);
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .sort();
const known = new Set(files);
const shown = (file) => relative(process.cwd(), join(source, file)) || file;
const violations = [];
const edges = new Map();

for (const file of files) {
  const outgoing = [];
  edges.set(file, outgoing);
  const report = (line, why) => violations.push(`${shown(file)}:${line} ${why}`);
  const room = roomOf(file);
  if (room === undefined && file !== 'index.ts' && !commons.includes(file)) {
    report(1, `belongs to no room: beside the rooms stand only index.ts, ${commons.join(' and ')}`);
    continue;
  }
  if (room !== undefined && !isRoom(room)) {
    report(
      1,
      `${room} is no room of the house (${[...columnOf.keys(), ...leaves, ...grounds, platform].join(', ')})`,
    );
    continue;
  }
  for (const { kind, typeOnly, target, line } of importsOf(readFileSync(join(source, file), 'utf8'))) {
    if (target.startsWith('#src/')) report(line, `imports ${target}: inside src/ imports are relative`);
    if (target.startsWith('#images/') && room !== 'images')
      report(line, `imports ${target}: the room images is entered by its index.ts`);
    if (!target.startsWith('.')) continue;
    const path = relative(source, resolve(source, dirname(file), target))
      .split(sep)
      .join('/');
    const to = path.replace(/\.js$/, '.ts');
    if (path.startsWith('..')) {
      report(line, `imports ${target}: outside of src/`);
    } else if (!known.has(to)) {
      report(
        line,
        `imports ${target}: no such file${target.endsWith('.js') ? '' : ' (relative imports end in .js)'}`,
      );
    } else {
      const why = objection(file, to, typeOnly);
      if (why !== undefined) report(line, `imports ${target}: ${why}`);
      // Types vanish, and a worker starts with modules of its own: neither makes a file wait for itself.
      if (!typeOnly && kind !== 'worker') outgoing.push({ from: file, to, line });
    }
  }
}

for (const group of cyclicGroups(edges)) {
  const [start] = [...group].sort();
  const cycle = shortestCycle(start, group, edges);
  violations.push(
    `${shown(start)}:${cycle[0].line} is in a cycle: ${[start, ...cycle.map(({ to }) => to)].join(' → ')}`,
  );
}

if (violations.length > 0) {
  console.error(violations.join('\n'));
  console.error(
    `rooms: ${violations.length} ${violations.length === 1 ? 'violation' : 'violations'} in ${files.length} files`,
  );
  process.exit(1);
}
console.log(`rooms: ${files.length} files keep to the house rule`);
