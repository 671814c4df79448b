import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { cli, cliFile, treeOf } from './cli.ts';
import { random } from './random.ts';

/** `.ci/long` takes more. */
const runs = Number(process.env.CREATE_SERVICE_KILLS ?? 25);

/**
 * Kills a command that changes a service with SIGKILL, at random instants of many runs, each on a copy:
 * every time all of the change is there or nothing of it, and the next run goes on.
 *
 * @param original the service's folder; the copies are made beside it.
 */
export async function expectAllOrNothing(
  original: string,
  args: readonly string[],
  seed: number,
): Promise<void> {
  const next = random(seed);
  const root = path.dirname(original);
  const before = await treeOf(original);
  const complete = path.join(root, 'complete');
  await fs.cp(original, complete, { recursive: true });
  const started = performance.now();
  expect((await cli([...args, '--cwd', complete])).exitCode).toBe(0);
  // Half of the kills are to come before the end, however long a run takes while others use the machine.
  let aim = performance.now() - started;
  const after = await treeOf(complete);
  const seen = { before: 0, after: 0 };
  for (let run = 0; run < runs; run += 1) {
    const folder = path.join(root, `run-${run}`);
    await fs.cp(original, folder, { recursive: true });
    const child = spawn(process.execPath, [cliFile, ...args, '--cwd', folder], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await delay(aim * (0.7 + next() * 0.6));
    child.kill('SIGKILL');
    await ended;
    await vi.waitFor(
      async () => expect([before, after]).toContainEqual(await treeOf(folder)),
      5000,
    );
    const isDone = Object.keys(await treeOf(folder)).length === Object.keys(after).length;
    seen[isDone ? 'after' : 'before'] += 1;
    aim *= isDone ? 0.95 : 1.05;
    if (!isDone) expect((await cli([...args, '--cwd', folder])).exitCode).toBe(0);
    expect(await treeOf(folder)).toEqual(after);
    await fs.rm(folder, { recursive: true });
  }
  expect(seen.before).toBeGreaterThan(2);
  expect(seen.after).toBeGreaterThan(2);
}
