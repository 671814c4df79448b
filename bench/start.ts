import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A whole run without install and git, against an empty Node process, interleaved in the same minute.
 * `node bench/start.ts [NODE]` measures with that Node; the ratio of the medians is what counts.
 */
const node = process.argv[2] ?? process.execPath;
const cli = path.resolve(import.meta.dirname, '../dist/cli.cjs');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'create-service-bench-'));
const empty: number[] = [];
const whole: number[] = [];
for (let run = 0; run < 41; run += 1) {
  const cwd = path.join(root, String(run));
  fs.mkdirSync(cwd);
  empty.push(timed(['-e', '0']));
  whole.push(timed([cli, 'orders', '--yes', '--no-install', '--no-git', '--cwd', cwd]));
}
fs.rmSync(root, { recursive: true });
const [floor, ours] = [median(empty), median(whole)];
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
console.log(
  `${version}: empty ${floor.toFixed(1)} ms, create-service ${ours.toFixed(1)} ms, ${(ours / floor).toFixed(2)}×`,
);

function timed(args: string[]): number {
  const started = performance.now();
  execFileSync(node, args, { stdio: 'ignore' });
  return performance.now() - started;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
