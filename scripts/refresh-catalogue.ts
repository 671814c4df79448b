import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/** Asks the registry for the newest version of everything in the catalogue; Node stays at its major. */
const file = path.resolve(import.meta.dirname, '../templates/catalogue.json');
const catalogue: Record<string, string> = JSON.parse(fs.readFileSync(file, 'utf8'));
for (const [name, current] of Object.entries(catalogue)) {
  const wanted = ['node', '@types/node'].includes(name) ? `${name}@24` : name;
  const { stdout } = await execa('npm', ['view', wanted, 'version', '--json'], { stdin: 'ignore' });
  const answer: unknown = JSON.parse(stdout);
  const newest = Array.isArray(answer) ? answer.at(-1) : answer;
  if (typeof newest !== 'string' || newest === current) continue;
  catalogue[name] = newest;
  console.log(`${name} ${current} → ${newest}`);
}
fs.writeFileSync(file, `${JSON.stringify(catalogue, null, 2)}\n`);
