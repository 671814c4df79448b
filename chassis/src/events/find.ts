import { importAll } from '../service/import-all.ts';
import type { EventDefinition } from './event.ts';
import type { AnyHandler } from './handler.ts';

/**
 * Returns every event type in `schemas/` of a folder: those that the service publishes and those that it
 * handles.
 *
 * @throws TypeError naming a file whose default export is none.
 */
export function findSchemas(folder: string): Promise<EventDefinition<unknown>[]> {
  return importAll(folder, 'schemas/*.ts', isDefinition);
}

/**
 * Returns every handler in `handlers/` of a folder.
 *
 * @throws TypeError naming a file whose default export is none.
 */
export function findHandlers<Work>(folder: string): Promise<AnyHandler<Work>[]> {
  return importAll(folder, 'handlers/*.ts', isHandler<Work>);
}

function isDefinition(value: unknown): value is EventDefinition<unknown> {
  return typeof value === 'object' && value !== null && 'data' in value && 'type' in value;
}

function isHandler<Work>(value: unknown): value is AnyHandler<Work> {
  return typeof value === 'object' && value !== null && 'handle' in value;
}
