import type { FastifyInstance } from 'fastify';
import type { CloudEvent } from '../events/index.ts';
import type { VersionedAggregate } from './document.ts';
import type { Transaction } from './transaction.ts';

/** What a unit of work can do besides changing an aggregate, in a service that has a bus. */
export interface Publishing {
  /**
   * Puts the event into the document of the change: it is published if and only if that is written.
   *
   * @throws EventTooLargeError when the bus could not carry it.
   */
  publish(event: CloudEvent): Promise<void>;
}

/** Lets a unit of work publish, within what the bus of `app.events` carries. */
export function publishing<Aggregate extends VersionedAggregate>(
  transaction: Transaction<Aggregate>,
  app: FastifyInstance,
): Publishing {
  return {
    publish: async (event) => transaction.publish(event, app.events),
  };
}
