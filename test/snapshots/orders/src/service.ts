import type { FastifyInstance } from 'fastify';
import { createService, registerParts } from 'service-chassis';
import type { Config } from './config.ts';
import { settingsOf } from './http/settings.ts';
import { serviceInfo } from './service-info.ts';

/** What a service is built from; a part may add an override of its own by declaration merging. */
export interface ServiceOptions {
  readonly config: Config;
}

/** Builds the service: its parts, which are folders beside this file, in the order of their dependencies. */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = await createService(serviceInfo.name, config, settingsOf(config));
  await registerParts(app, import.meta.dirname, options);
  return app;
}
