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
