// What can be said of a compose file without running it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A text with the environment's values, as Compose puts them in: `${NAME}`, `${NAME:-usual}`, `${NAME:?reason}`, `$$`. */
export const filledIn = (text, environment) =>
  text.replace(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (whole, name, kind, rest) => {
    if (whole === '$$') return '$';
    return environment[name] ?? (kind === '-' ? rest : '');
  });

const seconds = (text = '10s') => Number(/^(\d+)s$/.exec(text)?.[1]);

/**
 * Looks at a compose file.
 *
 * @param graceSeconds that a service is given to end
 * @returns its services, the ports that are open to other programs, and the variables that it takes
 */
export function readCompose(folder, graceSeconds, problems) {
  const text = readFileSync(join(folder, 'compose.yaml'), 'utf8');
  const { services = {}, volumes = {}, secrets = {} } = parse(text, { merge: true });
  const ports = [];
  for (const [name, service] of Object.entries(services)) {
    const told = (problem) => problems.push(`${name} in compose.yaml ${problem}`);
    if (service.image === undefined) told('has no image');
    for (const other of Object.keys(service.depends_on ?? {}))
      if (!(other in services)) told(`waits for ${other}, which is no service`);
    for (const secret of service.secrets ?? [])
      if (!(secret in secrets)) told(`takes the secret ${secret}, which is not declared`);
    for (const volume of service.volumes ?? []) {
      const [source] = volume.replace(/\$\{[^}]*\}/, './').split(':');
      if (!/^[./]/.test(source) && !(source in volumes))
        told(`takes the volume ${source}, which is not declared`);
    }
    if (service.build !== undefined && !(seconds(service.stop_grace_period) > graceSeconds))
      told(`is not given more than the ${graceSeconds} seconds in which it ends`);
    for (const port of service.ports ?? []) {
      ports.push(port);
      if (!port.startsWith('127.0.0.1:')) told(`listens to other machines at ${port}, without TLS`);
    }
  }
  const queue = services.redis?.command ?? [];
  for (const [option, value] of [
    ['--appendonly', 'yes'],
    ['--maxmemory-policy', 'noeviction'],
  ])
    if (queue[queue.indexOf(option) + 1] !== value || !queue.includes(option))
      problems.push(`Redis needs ${option} ${value}`);
  const variables = [...new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))];
  return { services, ports, variables };
}
