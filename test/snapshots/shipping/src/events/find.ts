import type { FastifyPluginAsync } from 'fastify';
import { importAll } from '../import-all.ts';
import type { EventDefinition } from './event.ts';
import type { AnyHandler } from './handler.ts';

/** Every event type in `schemas/`: those that the service publishes and those that it handles. */
export function findSchemas(): Promise<EventDefinition<unknown>[]> {
  return importAll('events/schemas/*.ts', isDefinition);
}

/** Every handler in `handlers/`. */
export function findHandlers(): Promise<AnyHandler[]> {
  return importAll('events/handlers/*.ts', isHandler);
}

/** Whether the service has an API of its own, and so callers. */
export async function hasRoutes(): Promise<boolean> {
  return (await importAll('routes/*.ts', isPlugin)).length > 0;
}

function isPlugin(value: unknown): value is FastifyPluginAsync {
  return typeof value === 'function';
}

function isDefinition(value: unknown): value is EventDefinition<unknown> {
  return typeof value === 'object' && value !== null && 'data' in value && 'type' in value;
}

function isHandler(value: unknown): value is AnyHandler {
  return typeof value === 'object' && value !== null && 'handle' in value;
}
