// `npm run system-packages`: installs the Debian packages that some of the tests take, as root or through sudo, and says
// which and why before it does. `npm test` runs without them, skips those tests and says so.
import { debianPackages, installDebianPackages, missingDebianPackages } from './setup.mjs';

const missing = missingDebianPackages();
if (missing === undefined) {
  const names = Object.keys(debianPackages).join(', ');
  console.error(`This is no Debian (no dpkg): install what corresponds to its packages ${names} by hand`);
  process.exitCode = 1;
} else if (missing.length === 0) {
  console.log(`Nothing to install: ${Object.keys(debianPackages).join(', ')} are there`);
} else {
  console.log('Installing these Debian packages with apt-get, and what they depend on:');
  for (const name of missing) console.log(`  ${name}: for ${debianPackages[name]}`);
  const failure = installDebianPackages(missing);
  if (failure !== undefined) console.error(failure);
  process.exitCode = failure === undefined ? 0 : 1;
}
