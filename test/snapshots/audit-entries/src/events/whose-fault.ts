import type { FastifyInstance } from 'fastify';
import type { Fault } from './fault.ts';

/** Says whose fault a handler's error was: there is no database that could be away. */
export async function whoseFault(_app: FastifyInstance, _error: unknown): Promise<Fault> {
  return 'attempt';
}
