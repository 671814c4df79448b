import type { FastifyInstance } from 'fastify';
import {
  isolated,
  quietly,
  type ServiceProcess,
  startProcess as startProgram,
  whenStarted,
} from 'service-chassis/testing';
import { onTestFinished } from 'vitest';
import { standIns } from '../../development/stand-ins.ts';
import { loadConfig } from '../../src/config.ts';
import { buildService, type ServiceOptions } from '../../src/service.ts';

type Variables = Readonly<Record<string, string>>;

/** What one test is given: a database and a bus of its own, and whatever else the service needs. */
async function given() {
  const { environment, inProcess } = await isolated(standIns, process.env, onTestFinished);
  const variables = { ...quietly, ...inProcess.environment, ...environment };
  return { environment, variables, options: inProcess.options };
}

/** Variables with which the service can be configured, for one test. */
export async function testVariables(): Promise<Variables> {
  return (await given()).variables;
}

/** Builds the service in this process, started and ready to be asked through `inject`, for one test. */
export async function startService(
  overrides: Partial<ServiceOptions> = {},
  environment: Variables = {},
): Promise<FastifyInstance> {
  const { variables, options } = await given();
  const config = await loadConfig({ ...variables, ...environment });
  const app = await buildService({ ...options, ...overrides, config });
  onTestFinished(() => app.close());
  await app.ready();
  await whenStarted(app);
  return app;
}

/** Starts the service as the script `dev` does, in a process of its own, for one test. */
export async function startProcess(environment: Variables = {}): Promise<ServiceProcess> {
  const servers = (await given()).environment;
  const { PATH } = process.env;
  return startProgram('development/main.ts', { PATH, ...servers, ...environment }, onTestFinished);
}
