/** The topics that only one service uses. */
export interface OwnTopics {
  /** Keeps what the service could not handle, until somebody replays or drops it. */
  readonly deadLetters: string;
  /** Brings the service, and nobody else, an event again. */
  readonly replay: string;
}

/**
 * Whether a type of event is another service's, which creates its topic: a type that is only handled
 * here, and whose name does not begin with this service's.
 */
export function isOthers(service: string, type: string, isHandled: boolean): boolean {
  return isHandled && !type.startsWith(`${service}.`);
}

/** @param service its name. */
export function ownTopicsOf(service: string): OwnTopics {
  return { deadLetters: `${service}.dead-letter`, replay: `${service}.replay` };
}
