import type { CloudEvent } from './event.ts';

/** One message as it came, not yet checked. */
export interface Delivery {
  readonly type: string;
  readonly body: string;
}

/**
 * The event bus. There are two: the real one, and the one in the process that development and tests
 * use in its place.
 */
export interface EventBus {
  /** Makes the connection and sees to it that the topics are there. Rejects while the bus is down. */
  connect(topics: readonly string[]): Promise<void>;
  /** Resolves when the bus has confirmed every event. */
  publish(events: readonly CloudEvent[]): Promise<void>;
  /**
   * Delivers at least once, in order for each subject. A delivery counts as handled when the returned
   * promise resolves, and comes again when it rejects.
   */
  consume(types: readonly string[], handle: (delivery: Delivery) => Promise<void>): Promise<void>;
  /** Rejects when the bus cannot be used. */
  check(): Promise<void>;
  /** Takes no more deliveries and waits for those that are being handled. */
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
}
