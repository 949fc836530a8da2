import { spawnSync } from 'node:child_process';
import { installDebianPackages, missingDebianPackages } from '../scripts/setup.mjs';

/** Debian's own Python: the one that its packages belong to, whatever else the PATH holds. */
export const python = '/usr/bin/python3';

const packages = ['python3-torch', 'libopenblas0-pthread'];

function version() {
  const { status, stdout } = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Makes Debian's PyTorch available with the fast BLAS beside it.
 *
 * @returns its version, or `missing`: one line that says what is missing and how to get it
 */
export function ensurePyTorch() {
  const absent = missingDebianPackages(packages) ?? [];
  const missing = absent.length === 0 ? undefined : installDebianPackages(absent);
  const found = version();
  if (found !== undefined) return { version: found, ...(missing === undefined ? {} : { warning: missing }) };
  return {
    missing:
      missing ?? `${python} cannot import torch; run \`apt-get install ${packages.join(' ')}\` as root`,
  };
}
