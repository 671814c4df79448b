/** One message on its way: where it goes or came from, what keeps it in order, and what it says. */
export interface Message {
  /** What carries the event's type, or one of the service's own topics (`own-topics.ts`). */
  readonly topic: string;
  /** Messages of one topic and key stay in order: the aggregate's id. */
  readonly key: string;
  /** As text. */
  readonly body: string;
  /**
   * The body's bytes in base64 where they are not UTF-8, so that the text is not all of it: this is what
   * is sent, and what a dead letter keeps.
   */
  readonly base64?: string | undefined;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Set on the way in, when the message may have been in the works before: somebody may have ended over it. */
  readonly redelivered?: boolean;
}

/** What became of one message: nothing when the bus confirmed it, or why it did not. */
export type Outcome = Error | undefined;

/** What has to be there before the service can work: topics of its own, and of nobody else. */
export interface Topics {
  /** Topics that it publishes to, and those that others publish to for it. */
  readonly events: readonly string[];
  /** Those of them that will be consumed: what is published from now on is kept for the service. */
  readonly consumed: readonly string[];
  /** The topic that keeps what could not be handled, one message a key, until it is removed. */
  readonly deadLetters: string;
}

/**
 * The event bus. There are two: the real one, and the one in the process that development and tests
 * use in its place. One set of tests holds for both.
 */
export interface EventBus {
  /** The most bytes that one message may have: body, key, headers, and what the bus adds to them. */
  readonly maxMessageBytes: number;
  /**
   * Connects and sees to it that the topics are there, which are created if that is allowed. Rejects
   * while the bus is down, or one is missing.
   */
  connect(topics: Topics): Promise<void>;
  /**
   * Whether all instances must consume the same topics at any time, so that none is consumed before all are
   * there.
   */
  readonly consumesAllAtOnce?: boolean;
  /** Which of some topics, of whichever service, are not there. */
  missing(topics: readonly string[]): Promise<readonly string[]>;
  /**
   * Resolves when the bus has confirmed or refused every message, to one outcome a message, in their
   * order. Those of one topic and key keep their order, so what comes after one that failed fails, too.
   * What the bus will never take fails with a `RefusedMessageError`. Rejects when the bus cannot be
   * used at all.
   */
  publish(messages: readonly Message[]): Promise<readonly Outcome[]>;
  /**
   * Delivers to one instance of the service at least once, in order for each topic and key. A message
   * counts as handled when the returned promise resolves, and comes again when it rejects. The topics
   * are there; more of them may be consumed by a further call.
   */
  consume(topics: readonly string[], handle: (message: Message) => Promise<void>): Promise<void>;
  /** Rejects when the bus cannot be used. */
  check(): Promise<void>;
  /** How many messages of each consumed topic are not yet handled by this service. */
  lag(): Promise<ReadonlyMap<string, number>>;
  /** What a topic of dead letters holds now, oldest first. Needs no `connect`. */
  readDeadLetters(topic: string): AsyncIterable<Message>;
  /** Removes the one of that key, if it is there. */
  removeDeadLetter(topic: string, key: string): Promise<void>;
  /** Takes no more messages and waits for those that are being handled. */
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
}

/** What looking at dead letters, replaying and dropping them needs of a bus. */
export type DeadLetterStore = Pick<
  EventBus,
  'maxMessageBytes' | 'publish' | 'readDeadLetters' | 'removeDeadLetter'
>;
