import { isTemporary, kindOf, whoseFault } from '../../src/store/index.ts';

/**
 * What an error means: to an event, whether the attempt counts; to a caller over HTTP, 503 or 500. Each is
 * named by the database's own code.
 */
export const meanings = {
  /** Events wait, none becomes a dead letter, and nobody is ready: 503. */
  outage: { fault: 'outage', isTemporary: true },
  /** Somebody else was in the way: the attempt counts, and a caller may come again: 503. */
  inTheWay: { fault: 'attempt', isTemporary: true },
  /** The work itself is to blame: the attempt counts, and a caller gets 500. */
  own: { fault: 'attempt', isTemporary: false },
} as const;

export type Meaning = keyof typeof meanings;

/** Codes of connections that were lost, or never made. */
export const systemCodes = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
];

/** What an error means while the database can be used. */
export async function meaningOf(error: unknown) {
  const usable = async (): Promise<void> => undefined;
  return { fault: await whoseFault(error, usable), isTemporary: isTemporary(kindOf(error)) };
}
