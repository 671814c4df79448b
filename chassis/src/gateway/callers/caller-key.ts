import type { FastifyRequest } from 'fastify';
import { networkOf } from './network.ts';

/** What a caller is counted by: who a valid token names, or else the address. */
export function callerKey({ caller, ip }: FastifyRequest): string {
  const { subject } = caller.kind === 'verified' ? caller : {};
  return subject === undefined ? networkOf(ip) : `subject ${subject}`;
}
