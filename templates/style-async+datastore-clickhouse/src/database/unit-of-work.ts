import type { FastifyInstance } from 'fastify';
import { type Changes, type Publishing, publishing } from 'service-chassis/clickhouse';
import { __Aggregate__Repository } from './repository.ts';
import { table } from './row.ts';

/**
 * What one request or event changes: stored in one insert at its end, or not at all. What is published
 * goes out after that, and may be lost with the process when it follows from a request.
 */
export interface UnitOfWork extends Publishing {
  readonly repository: __Aggregate__Repository;
}

export function unitOfWork(changes: Changes, app: FastifyInstance): UnitOfWork {
  const repository = new __Aggregate__Repository(changes.rows(table));
  return { repository, ...publishing(changes, app) };
}
