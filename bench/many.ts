import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { applyPlan, type PlanContext, parseAnswers, planFor } from '../src/index.ts';

/**
 * 1,000 services in one process, against plain loops of `fs.promises.writeFile` and `fs.writeFileSync` over the same
 * number of files,
 * turn about in blocks of 100: files per second, and the memory at the end.
 */
const context: PlanContext = {
  packageManager: 'npm',
  bundleNode: false,
  generatorVersion: '0.0.0',
};
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'create-service-bench-'));
let [ours, plain, sync, files] = [0, 0, 0, 0];
for (let block = 0; block < 10; block += 1) {
  const started = performance.now();
  for (let index = 0; index < 100; index += 1) {
    const { answers } = parseAnswers({ name: `orders-${block}-${index}`.replaceAll('-', 'x') });
    const plan = planFor(answers, context);
    files += plan.files.length;
    applyPlan(plan, { folder: path.join(root, `ours-${block}-${index}`) });
  }
  ours += performance.now() - started;

  const { answers } = parseAnswers({ name: 'orders' });
  const plan = planFor(answers, context);
  const loop = async (
    name: string,
    write: (file: string, text: string) => Promise<void> | void,
  ) => {
    const from = performance.now();
    for (let index = 0; index < 100; index += 1) {
      const made = new Set<string>();
      for (const { path: file, contents } of plan.files) {
        const target = path.join(root, `${name}-${block}-${index}`, file);
        const folder = path.dirname(target);
        if (!made.has(folder)) fs.mkdirSync(folder, { recursive: true });
        made.add(folder);
        await write(target, contents);
      }
    }
    return performance.now() - from;
  };
  plain += await loop('plain', fs.promises.writeFile);
  sync += await loop('sync', fs.writeFileSync);
}
const megabytes = Math.round(process.memoryUsage().rss / 1e6);
const rate = (ms: number): string => `${Math.round((files / ms) * 1000)} files/s`;
console.log(`create-service ${rate(ours)}, at the end ${megabytes} MB`);
console.log(`loop of fs.promises.writeFile ${rate(plain)}: ${(ours / plain).toFixed(2)}× its time`);
console.log(`loop of fs.writeFileSync ${rate(sync)}: ${(ours / sync).toFixed(2)}× its time`);
fs.rmSync(root, { recursive: true });
