import type { FastifyInstance } from 'fastify';
import { isOutage } from '../database/failure.ts';
import { kindOf } from '../database/failure-kind.ts';
import type { Fault } from 'service-chassis/events';

/** Says whose fault a handler's error was. An outage may have hidden behind another one, such as a timeout. */
export async function whoseFault({ database }: FastifyInstance, error: unknown): Promise<Fault> {
  if (kindOf(error) === 'pool') return 'no-connection';
  if (isOutage(error)) return 'outage';
  return database.ping().then(
    () => 'attempt',
    (failure: unknown) => (isOutage(failure) ? 'outage' : 'attempt'),
  );
}
