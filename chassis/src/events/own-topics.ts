/** The topics that only one service uses. */
export interface OwnTopics {
  /** Keeps what the service could not handle, until somebody replays or drops it. */
  readonly deadLetters: string;
  /** Brings the service, and nobody else, an event again. */
  readonly replay: string;
}

/** @param service its name. */
export function ownTopicsOf(service: string): OwnTopics {
  return { deadLetters: `${service}.dead-letter`, replay: `${service}.replay` };
}
