import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { RulesFile } from '../../src/strangler/rules-file.ts';

const route = '/api/orders';
const textOf = (percentage: number) => JSON.stringify({ [route]: { percentage } });

async function temporaryFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'strangler-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A rules file that is watched, with what was logged and told of it. */
async function watched(file: string) {
  const lines: string[] = [];
  const told: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const rules = new RulesFile(file, log, (outcome) => void told.push(outcome));
  onTestFinished(() => rules.stop());
  rules.require(route);
  await rules.load();
  rules.watch(10);
  return { lines, told, percentage: () => rules.ruleOf(route).percentage };
}

test('a file that is written anew is in force without a restart', async () => {
  const file = path.join(await temporaryFolder(), 'strangler.json');
  await fs.writeFile(file, textOf(0));
  const { percentage, lines } = await watched(file);
  expect(percentage()).toBe(0);
  await fs.writeFile(file, textOf(7));
  await expect.poll(percentage).toBe(7);
  expect(lines.at(-1)).toContain('"percentages":{"/api/orders":7}');
  await fs.writeFile(`${file}.new`, textOf(8));
  await fs.rename(`${file}.new`, file);
  await expect.poll(percentage).toBe(8);
});

test('links that are swapped, as Kubernetes does with a ConfigMap, are followed', async () => {
  const folder = await temporaryFolder();
  const publish = async (version: string, percentage: number): Promise<void> => {
    await fs.mkdir(path.join(folder, version));
    await fs.writeFile(path.join(folder, version, 'strangler.json'), textOf(percentage));
    await fs.symlink(version, path.join(folder, '..data_tmp'));
    await fs.rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
  };
  await publish('..1', 1);
  const file = path.join(folder, 'strangler.json');
  await fs.symlink('..data/strangler.json', file);
  const { percentage } = await watched(file);
  for (const next of [2, 3, 4]) {
    await publish(`..${next}`, next);
    await expect.poll(percentage).toBe(next);
    await fs.rm(path.join(folder, `..${next - 1}`), { recursive: true });
  }
});

test.each<[string, (file: string) => Promise<unknown> | unknown, string]>([
  ['no JSON', (file) => fs.writeFile(file, 'secret{'), 'it is no JSON'],
  ['half a file', (file) => fs.writeFile(file, textOf(9).slice(0, 20)), 'it is no JSON'],
  ['an empty file', (file) => fs.writeFile(file, ''), 'it is no JSON'],
  ['a wrong rule', (file) => fs.writeFile(file, textOf(900)), 'percentage'],
  ['no rule for the route', (file) => fs.writeFile(file, '{}'), '/api/orders is missing'],
  ['no file', (file) => fs.rm(file), 'ENOENT'],
  ['a folder', (file) => fs.rm(file).then(() => fs.mkdir(file)), 'it is not a file'],
  ['a huge file', (file) => fs.writeFile(file, ' '.repeat(300_000)), 'larger than'],
  ['a link to itself', (file) => fs.rm(file).then(() => fs.symlink(file, file)), 'ELOOP'],
  [
    'a pipe that nobody writes to',
    (file) => fs.rm(file).then(() => execFileSync('mkfifo', [file])),
    'it is not a file',
  ],
])('%s is refused in one line, and the rules before stay', async (_name, spoil, reason) => {
  const file = path.join(await temporaryFolder(), 'strangler.json');
  await fs.writeFile(file, textOf(42));
  const { percentage, lines, told } = await watched(file);
  await spoil(file);
  await expect.poll(() => told).toEqual(['accepted', 'refused']);
  const refusals = () => lines.filter((line) => line.includes('refused'));
  expect(refusals()).toHaveLength(1);
  expect(refusals()[0]).toContain(reason);
  expect(refusals()[0]).not.toContain('secret');
  expect(percentage()).toBe(42);
  await fs.rm(file, { recursive: true, force: true });
  await fs.writeFile(file, textOf(43));
  await expect.poll(percentage).toBe(43);
  // Having gone and come, the file may have been missed in between, but nothing was said again and again.
  expect(refusals().length).toBeLessThanOrEqual(2);
});

test('without rules that can be used there is no decision', async () => {
  const file = path.join(await temporaryFolder(), 'strangler.json');
  const rules = new RulesFile(file, pino({ level: 'silent' }), () => undefined);
  rules.require(route);
  await expect(rules.load()).rejects.toThrow('ENOENT');
  expect(() => rules.ruleOf(route)).toThrow(expect.objectContaining({ statusCode: 503 }));
});
