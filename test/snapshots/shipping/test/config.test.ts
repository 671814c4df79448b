import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { testVariables } from './support/service.ts';

test('one error names every variable that is wrong, and repeats no value', async () => {
  const wrong = { ...(await testVariables()), PORT: 'secret-port', LOG_LEVEL: 'secret-level' };
  await expect(loadConfig(wrong)).rejects.toThrow(/PORT[\s\S]*LOG_LEVEL/);
  await expect(loadConfig(wrong)).rejects.not.toThrow('secret');
});

test('limits that contradict each other are one sentence that names both variables', async () => {
  const limits = { SHUTDOWN_DRAIN_MS: '60000', SHUTDOWN_TIMEOUT_MS: '60000' };
  const config = loadConfig({ ...(await testVariables()), ...limits });
  await expect(config).rejects.toThrow(
    'SHUTDOWN_DRAIN_MS (60000) must be less than 0.85 × SHUTDOWN_TIMEOUT_MS (51000)',
  );
});

test.each(['', ' '])('a variable that is "%s" counts as missing', async (blank) => {
  const config = await loadConfig({ ...(await testVariables()), PORT: blank });
  expect(config.http.port).toBe(3000);
});
