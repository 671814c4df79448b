import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { testParts } from './support/parts.ts';

async function validEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { environment, standIns } = await testParts();
  return { ...standIns.environment, ...environment };
}

test('one error names every variable that is wrong, and repeats no value', async () => {
  const wrong = { ...(await validEnvironment()), PORT: 'secret-port', LOG_LEVEL: 'secret-level' };
  await expect(loadConfig(wrong)).rejects.toThrow(/PORT[\s\S]*LOG_LEVEL/);
  await expect(loadConfig(wrong)).rejects.not.toThrow('secret');
});

test('an empty variable counts as missing', async () => {
  const config = await loadConfig({ ...(await validEnvironment()), PORT: '' });
  expect(config.http.port).toBe(3000);
});
