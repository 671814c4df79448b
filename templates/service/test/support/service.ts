import type { FastifyInstance } from 'fastify';
import { onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { buildService, type ServiceOptions } from '../../src/service.ts';
import { testParts } from './parts.ts';

/** Builds the service in this process, started and ready to be asked through `inject`, for one test. */
export async function startService(
  overrides: Partial<ServiceOptions> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<FastifyInstance> {
  const parts = await testParts();
  const config = await loadConfig({
    LOG_LEVEL: 'silent',
    ...parts.standIns.environment,
    ...parts.environment,
    ...environment,
  });
  const app = await buildService({ ...parts.standIns.options, ...overrides, config });
  onTestFinished(() => app.close());
  await app.ready();
  await vi.waitFor(async () => {
    const { statusCode, body } = await app.inject('/health/ready');
    if (statusCode !== 200) throw new Error(body);
    const startup = await app.inject('/health/startup');
    if (startup.json().status !== 'started') throw new Error(startup.body);
  }, 10_000);
  return app;
}
