import type { FastifyInstance } from 'fastify';
import type { CloudEvent } from './event.ts';

/** Without a datastore nothing survives the process: what is noted of an event is forgotten with it. */
export async function attemptsOf(
  _app: FastifyInstance,
  _event: CloudEvent,
): Promise<number | undefined> {
  return undefined;
}

export async function noteAttempts(
  _app: FastifyInstance,
  _event: CloudEvent,
  _attempts: number,
): Promise<void> {}

export async function forgetAttempts(_app: FastifyInstance, _event: CloudEvent): Promise<void> {}
