import type { FastifyInstance } from 'fastify';
import { type Publishing, publishing, type Transaction } from 'service-chassis/mongodb';
import type { __Aggregate__ } from '../domain/__aggregate_kebab__.ts';
import { __Aggregate__Repository } from './repository.ts';

/**
 * What one request or event changes: all of it is written, its events included, or nothing. It can
 * change one aggregate.
 */
export interface UnitOfWork extends Publishing {
  readonly repository: __Aggregate__Repository;
}

export function unitOfWork(work: Transaction<__Aggregate__>, app: FastifyInstance): UnitOfWork {
  const repository = new __Aggregate__Repository(work.documents);
  return { repository, ...publishing(work, app) };
}
