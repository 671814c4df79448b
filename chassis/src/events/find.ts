import { importAll } from '../modules/index.ts';
import type { EventDefinition } from './event.ts';
import type { AnyHandler } from './handler.ts';

/**
 * Returns every event type of a folder, a file each: those that the service publishes and those that it
 * handles.
 *
 * @throws TypeError naming a file whose default export is none.
 */
export function findSchemas(folder: string | URL): Promise<EventDefinition<unknown>[]> {
  return importAll(folder, '*.ts', isDefinition);
}

/**
 * Returns every handler of a folder, a file each.
 *
 * @throws TypeError naming a file whose default export is none.
 */
export function findHandlers<Work>(folder: string | URL): Promise<AnyHandler<Work>[]> {
  return importAll(folder, '*.ts', isHandler<Work>);
}

function isDefinition(value: unknown): value is EventDefinition<unknown> {
  return typeof value === 'object' && value !== null && 'data' in value && 'type' in value;
}

function isHandler<Work>(value: unknown): value is AnyHandler<Work> {
  return typeof value === 'object' && value !== null && ('apply' in value || 'prepare' in value);
}
