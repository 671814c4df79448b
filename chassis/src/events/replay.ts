import { NamedError } from '../copies/index.ts';
import type { Message } from './bus/bus.ts';
import type { CloudEvent } from './event.ts';
import { ownTopicsOf } from './own-topics.ts';

/** Set on a replay that is to be handled although later events of its aggregate were. */
const staleHeader = 'replay-stale';

/** Later events of the aggregate were handled since, over which a replay would put what is old. */
export class StaleReplayError extends NamedError {
  override readonly name = 'StaleReplayError';

  constructor({ type, subject, sequence }: CloudEvent, latest: number) {
    super(
      `${type} of ${subject} with sequence ${sequence} is stale, as ${latest} was handled: replay it with --stale to have it handled all the same`,
    );
  }
}

/** The message that has a service handle another one again. */
export function replayOf(
  service: string,
  { topic: _, headers, ...original }: Message,
  isStaleAllowed: boolean,
): Message {
  const { [staleHeader]: _before, ...others } = headers;
  return {
    ...original,
    topic: ownTopicsOf(service).replay,
    headers: isStaleAllowed ? { ...others, [staleHeader]: 'true' } : others,
  };
}

/** Whether a message is a replay that is to be refused when it is stale. */
export function isCautiousReplay(service: string, { topic, headers }: Message): boolean {
  return topic === ownTopicsOf(service).replay && headers[staleHeader] !== 'true';
}
