import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A rules file of its own for a test: those of the gateway's other routes stay as they are. */
export async function rulesFile(route: string, rule: object) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'strangler-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'rules.json');
  const others = JSON.parse(await fs.readFile('strangler.json', 'utf8'));
  const set = (changed: object) =>
    fs.writeFile(file, JSON.stringify({ ...others, [route]: changed }));
  await set(rule);
  const environment = { STRANGLER_RULES: file, STRANGLER_RULES_INTERVAL_MS: '10' };
  return { file, environment, set };
}
