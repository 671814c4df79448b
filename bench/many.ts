import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  applyPlan,
  type PlanContext,
  type PlannedFile,
  parseAnswers,
  planFor,
} from '../src/index.ts';

/**
 * 1,000 services in one process, against plain loops that write as many files, one awaited after the
 * other, and neither plan nor stage anything; turn about in blocks of 100. Prints files per second,
 * the ratios, and the memory on the way.
 */
const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'create-service-bench-'));
const loops = {
  'fs.writeFileSync': fs.writeFileSync,
  'fs.writeFile': promisify(fs.writeFile),
  'fs.promises.writeFile': fs.promises.writeFile,
};
const times = new Map<string, number>();
const memory: string[] = [];
let files = 0;

for (let block = 0; block < 10; block += 1) {
  await timed('create-service', () => createServices(block));
  const services = (block + 1) * 100;
  if ([100, 500, 1000].includes(services)) {
    memory.push(`${Math.round(process.memoryUsage.rss() / 1e6)} MB at ${services}`);
  }
  const { answers } = parseAnswers({ name: 'orders' });
  const plan = planFor(answers, context);
  for (const [name, write] of Object.entries(loops)) {
    await timed(name, () => writePlainly(path.join(root, `${name}-${block}`), plan.files, write));
  }
}
const ours = times.get('create-service') ?? Number.NaN;
console.log(`${Math.round((files / ours) * 1000)} files/s; ${memory.join(', ')}`);
for (const name of Object.keys(loops)) {
  console.log(`against ${name}: ${(ours / (times.get(name) ?? Number.NaN)).toFixed(2)}×`);
}
fs.rmSync(root, { recursive: true });

async function timed(name: string, work: () => Promise<void> | void): Promise<void> {
  const started = performance.now();
  await work();
  times.set(name, (times.get(name) ?? 0) + performance.now() - started);
}

function createServices(block: number): void {
  for (let index = 0; index < 100; index += 1) {
    const { answers } = parseAnswers({ name: `orders${block}x${index}` });
    const plan = planFor(answers, context);
    files += plan.files.length;
    applyPlan(plan, { folder: path.join(root, `ours-${block}-${index}`) });
  }
}

async function writePlainly(
  target: string,
  planned: readonly PlannedFile[],
  write: (file: string, text: string) => Promise<void> | void,
): Promise<void> {
  for (let index = 0; index < 100; index += 1) {
    const made = new Set<string>();
    for (const { path: relative, contents } of planned) {
      const file = path.join(`${target}-${index}`, relative);
      const folder = path.dirname(file);
      if (!made.has(folder)) fs.mkdirSync(folder, { recursive: true });
      made.add(folder);
      await write(file, contents);
    }
  }
}
