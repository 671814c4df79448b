import type { HeldBack } from './held-back.ts';

/** An event that is committed and not yet published. */
export interface WaitingEvent {
  /** Where it lies in the database. */
  readonly place: string;
  /** The event as JSON. */
  readonly text: string;
}

/** What the instance that relays may do with the outbox, for as long as it is the one. */
export interface RelayTurn {
  /** The events that have waited longest, but for those that are held back. */
  waiting(heldBack: HeldBack): Promise<readonly WaitingEvent[]>;
  remove(events: readonly WaitingEvent[]): Promise<void>;
  /** Puts an event that the bus will never take where it is no longer in the way. */
  setAside(event: WaitingEvent, reason: string): Promise<void>;
}

/** An event that the bus has refused. */
export interface RefusedEvent extends WaitingEvent {
  readonly reason: string;
  readonly refusedAt: Date;
}

/** What waits in the outbox, and for how long the oldest has, in seconds; and how many were set aside. */
export interface OutboxState {
  readonly events: number;
  readonly oldest: number;
  readonly refused: number;
}

/** Calls back when something may have been written to the outbox. */
export interface WakeUps {
  /** Sees to it that commits are heard of from now on; called again and again. */
  listen(): Promise<void>;
  stop(): Promise<void>;
}

/** What the outbox of a datastore can do. */
export interface OutboxStore {
  /**
   * Runs work as the one instance that relays.
   *
   * @returns what the work returned, or nothing when another instance relays.
   */
  inRelayTurn<T>(run: (turn: RelayTurn) => Promise<T>): Promise<T | undefined>;
  state(): Promise<OutboxState>;
  /** @param wake is called when a commit may have written to the outbox, as far as the datastore tells. */
  wakeUps(wake: () => void): WakeUps;
  /** The events that were set aside, oldest first. */
  refused(): Promise<readonly RefusedEvent[]>;
  /** Has an event that was set aside published after all, behind those that wait. */
  retry(event: RefusedEvent): Promise<void>;
  /** Forgets an event that was set aside. */
  drop(event: RefusedEvent): Promise<void>;
}
