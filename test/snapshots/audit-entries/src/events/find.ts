import path from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import { importAll } from 'service-chassis';
import type { EventDefinition } from './event.ts';
import type { AnyHandler } from './handler.ts';

const source = path.resolve(import.meta.dirname, '..');

/** Every event type in `schemas/`: those that the service publishes and those that it handles. */
export function findSchemas(): Promise<EventDefinition<unknown>[]> {
  return importAll(source, 'events/schemas/*.ts', isDefinition);
}

/** Every handler in `handlers/`. */
export function findHandlers(): Promise<AnyHandler[]> {
  return importAll(source, 'events/handlers/*.ts', isHandler);
}

/** Whether the service has an API of its own, and so callers. */
export async function hasRoutes(): Promise<boolean> {
  return (await importAll(source, 'routes/*.ts', isPlugin)).length > 0;
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
