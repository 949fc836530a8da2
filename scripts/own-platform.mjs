// Runs when the package is installed: of ONNX Runtime, which lies in it with the libraries of all platforms, keeps those
// of this one. It asks nothing of any network, touches no other package, and never fails an installation: where it did
// not run, as with --ignore-scripts, everything works and takes more space.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// An installation for another machine (npm install --os --cpu) says for which.
const { npm_config_os: platform = process.platform, npm_config_cpu: architecture = process.arch } =
  process.env;
const libraries = fileURLToPath(new URL('../node_modules/onnxruntime-node/bin/napi-v6', import.meta.url));

/** Removes all folders of a folder but one; none where that one is not there. */
function keepOnly(folder, name) {
  const names = readdirSync(folder);
  if (!names.includes(name)) return false;
  for (const other of names)
    if (other !== name) rmSync(`${folder}/${other}`, { recursive: true, force: true });
  return true;
}

try {
  if (keepOnly(libraries, platform)) keepOnly(`${libraries}/${platform}`, architecture);
} catch {
  // Nothing is lost but space.
}
