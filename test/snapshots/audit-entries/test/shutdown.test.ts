import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startProcess } from './support/service.ts';

test('exits with 0 on SIGTERM', async () => {
  const { child, exited } = await startProcess();
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});

test('a wrong configuration ends the start with 1 and one readable error', () => {
  const { status, stderr } = spawnSync(process.execPath, ['src/main.ts'], {
    env: { PATH: process.env.PATH ?? '', PORT: 'x' },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('PORT');
  expect(stderr).not.toContain('at ');
});
