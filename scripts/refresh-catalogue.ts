import path from 'node:path';
import { execa } from 'execa';
import fs from 'fs-extra';
import { readCatalogue, templatesFolder } from './template-folders.ts';

/**
 * Asks the registry for the newest version of everything in the catalogue; Node stays at its major.
 * What the generator itself uses too is renewed there as well, so that it is installed once.
 */
const root = path.resolve(templatesFolder, '..');
const { installed, listedOnly } = readCatalogue(templatesFolder);
const newest = new Map<string, string>();
for (const [name, current] of Object.entries({ ...installed, ...listedOnly })) {
  const wanted = ['node', '@types/node'].includes(name) ? `${name}@24` : name;
  const { stdout } = await execa('npm', ['view', wanted, 'version', '--json'], { stdin: 'ignore' });
  const answer: unknown = JSON.parse(stdout);
  const version = Array.isArray(answer) ? answer.at(-1) : answer;
  if (typeof version !== 'string' || version === current) continue;
  newest.set(name, version);
  console.log(`${name} ${current} → ${version}`);
}
for (const folder of [templatesFolder, root]) {
  const file = path.join(folder, 'package.json');
  const manifest = fs.readJsonSync(file);
  for (const listed of [manifest.devDependencies, manifest.peerDependencies ?? {}]) {
    for (const name of Object.keys(listed)) listed[name] = newest.get(name) ?? listed[name];
  }
  fs.writeJsonSync(file, manifest, { spaces: 2 });
}
await execa('npm', ['install'], { cwd: root, stdio: 'inherit' });
