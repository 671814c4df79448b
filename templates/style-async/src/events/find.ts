import path from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import { importAll } from 'service-chassis';
import {
  type AnyHandler,
  type EventDefinition,
  findHandlers as handlersIn,
  findSchemas as schemasIn,
} from 'service-chassis/events';
import type { UnitOfWork } from '../database/unit-of-work.ts';

const source = path.resolve(import.meta.dirname, '..');

/** Every event type in `schemas/`: those that the service publishes and those that it handles. */
export function findSchemas(): Promise<EventDefinition<unknown>[]> {
  return schemasIn(import.meta.dirname);
}

/** Every handler in `handlers/`. */
export function findHandlers(): Promise<AnyHandler<UnitOfWork>[]> {
  return handlersIn(import.meta.dirname);
}

/** Whether the service has an API of its own, and so callers. */
export async function hasRoutes(): Promise<boolean> {
  return (await importAll(source, 'routes/*.ts', isPlugin)).length > 0;
}

function isPlugin(value: unknown): value is FastifyPluginAsync {
  return typeof value === 'function';
}
