import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresServer } from '../../../test/support/postgres.ts';
import { PostgresBus } from '../../examples/postgres-bus.ts';
import { busChecks } from '../../src/bus-checks/index.ts';
import { InProcessBus } from '../../src/development/index.ts';
import type { EventBus, Message, Outcome } from '../../src/events/index.ts';

const withinOne = busChecks.filter(({ severalInstances }) => !severalInstances);

describe('the bus in the process', () => {
  test.each(withinOne)('$name', ({ run }) => run(() => new InProcessBus()));
});

describe("an example's bus, on PostgreSQL", () => {
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await PostgresServer.create();
    url = (await server.database('bus')).DATABASE_URL;
  });
  afterAll(() => server.dispose());

  test.each(busChecks)('$name', ({ run }) => run((options) => new PostgresBus(url, options)));
});

type Handle = (message: Message) => Promise<void>;

/** A bus that does with what it brings as told. */
class Delivering extends InProcessBus {
  readonly #deliver: (message: Message, handle: Handle) => Promise<void>;

  constructor(deliver: (message: Message, handle: Handle) => Promise<void>) {
    super();
    this.#deliver = deliver;
  }

  override consume(topics: readonly string[], handle: Handle): Promise<void> {
    return super.consume(topics, (message) => this.#deliver(message, handle));
  }
}

/** Delivers one message after the other, whatever their keys. */
function oneByOne(): Delivering {
  let last = Promise.resolve();
  return new Delivering((message, handle) => {
    last = last.then(() => handle(message));
    return last;
  });
}

class Greedy extends InProcessBus {
  override async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const small = messages.map((message) => ({ ...message, body: message.body.slice(0, 9) }));
    return super.publish(small);
  }
}

class WithoutLag extends InProcessBus {
  override async lag(): Promise<ReadonlyMap<string, number>> {
    return new Map();
  }
}

class Hoarding extends InProcessBus {
  override async removeDeadLetter(): Promise<void> {}
}

class Latest extends InProcessBus {
  override consume(topics: readonly string[], handle: Handle): Promise<void> {
    this.#topics = topics;
    return super.consume(topics, async (message) => {
      if (this.#topics.includes(message.topic)) await handle(message);
    });
  }
  #topics: readonly string[] = [];
}

/** Buses that do not keep a promise, and the check that must find it. */
const faulty: [name: string, open: () => EventBus, check: RegExp][] = [
  [
    'loses the headers',
    () => new Delivering((message, handle) => handle({ ...message, headers: {} })),
    /whole/,
  ],
  [
    'takes all for text',
    () => new Delivering(({ base64: _, ...message }, handle) => handle(message)),
    /no UTF-8/,
  ],
  ['cuts what is too large', () => new Greedy(), /larger than it takes/],
  ['consumes only what it was last told to', () => new Latest(), /further call/],
  ['removes no dead letter', () => new Hoarding(), /dead letters/],
  ['does not tell how far behind it is', () => new WithoutLag(), /how far behind/],
  [
    'mixes up the order',
    () =>
      new Delivering(async (message, handle) => {
        void delay(Math.random() * 50).then(() => handle(message));
      }),
    /order of each key/,
  ],
  ['delivers one after the other', oneByOne, /order of each key/],
  [
    'forgets what was rejected',
    () => new Delivering((message, handle) => handle(message).catch(() => undefined)),
    /was rejected/,
  ],
  ['lets what hangs hold up all', oneByOne, /hangs/],
  ['lets a key hold up all', oneByOne, /hundreds/],
  [
    'takes all there is',
    () =>
      new Delivering(async (message, handle) => {
        void handle(message);
      }),
    /in the works/,
  ],
];

test.concurrent.each(faulty)('what %s is found out', async (_name, open, name) => {
  const [check, ...others] = withinOne.filter((one) => name.test(one.name));
  expect(others).toEqual([]);
  await expect(check?.run(open, 1500)).rejects.toThrow();
});
