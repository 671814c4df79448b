import {
  type CloudEvent,
  type EventMessage,
  type Events,
  type EventsDatastore,
  expectConfirmed,
  outgoing,
  type Publish,
} from '../events/index.ts';
import { currentDeadline, requireTimeLeft } from '../resilience/index.ts';
import { UnitOfWorkGate, type UnitOptions } from './unit-of-work.ts';

/** A service's own memory, behind the same call that a datastore would have. */
export interface InMemory<Work> {
  /** Runs work until it ends or is given up; from then on it can change and publish nothing more. */
  transaction<T>(run: (work: Work) => Promise<T>, options?: UnitOptions): Promise<T>;
}

/** @param unitOfWork makes what a unit of work offers, which changes nothing once the gate is closed. */
export function inMemory<Work>(unitOfWork: (gate: UnitOfWorkGate) => Work): InMemory<Work> {
  return {
    async transaction(run, { signal = currentDeadline()?.signal } = {}) {
      requireTimeLeft();
      const gate = new UnitOfWorkGate();
      return gate.during(signal, () => run(unitOfWork(gate)));
    },
  };
}

/**
 * The same with events, which are published when the work is done; not at all when it fails.
 *
 * @param events by which they are published: `app.events`, once it is there.
 */
export function inMemoryWithEvents<Work>(
  events: () => Events,
  unitOfWork: (gate: UnitOfWorkGate, publish: Publish) => Work,
): InMemory<Work> {
  return {
    async transaction(run, { signal = currentDeadline()?.signal } = {}) {
      requireTimeLeft();
      const gate = new UnitOfWorkGate();
      const messages: EventMessage[] = [];
      const publish = async (event: CloudEvent): Promise<void> => {
        gate.requireOpen();
        messages.push(outgoing(event, events()));
      };
      const result = await gate.during(signal, () => run(unitOfWork(gate, publish)));
      if (messages.length > 0) expectConfirmed(await events().publish(messages));
      return result;
    },
  };
}

/**
 * How events are handled without a datastore. One may come again after a crash, and nothing here
 * remembers it: handlers must be idempotent. What is noted of an event is forgotten with the process.
 */
export function eventsInMemory<Work>(database: InMemory<Work>): EventsDatastore<Work> {
  return {
    // Without an outbox, events go out before the answer.
    isBusAwaited: true,
    handleOnce: (handler, context) =>
      database.transaction((work) => handler.apply(work, context), { signal: context.signal }),
    attemptsOf: async () => undefined,
    noteAttempts: async () => undefined,
    forgetAttempts: async () => undefined,
    whoseFault: async () => 'attempt',
  };
}
