import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import {
  type CoreConfig,
  coreConfig,
  createService,
  type ServiceSettings,
} from '../../src/service/index.ts';

/** The configuration of a service of no parts. */
function configOf(environment: Readonly<Record<string, string>> = {}): CoreConfig {
  return readConfig<CoreConfig>(coreConfig, { LOG_LEVEL: 'silent', ...environment });
}

/** A service of no parts, for one test; it has not started, so that routes can be added. */
export async function buildService(
  environment: Readonly<Record<string, string>> = {},
  settings: ServiceSettings = {},
): Promise<FastifyInstance> {
  const app = await createService('orders', configOf(environment), settings);
  onTestFinished(() => {
    // Else it waits for half a second whether a client that has its answer sends more.
    app.server.closeIdleConnections();
    return app.close();
  });
  return app;
}
