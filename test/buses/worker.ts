import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EventBus, Message, Topics } from '../../chassis/src/events/bus/bus.ts';

/** What a consumer in a worker does with what it is given. */
export type Behaviour =
  | { readonly kind: 'handle' }
  | { readonly kind: 'hang'; readonly body?: string }
  | { readonly kind: 'slow'; readonly ms: number; readonly body?: string };

/** What a worker can be told to do; the answer is what it returns. */
export interface Commands {
  connect(topics: Topics): Promise<void>;
  /** Rejects with the first failure. */
  publish(messages: readonly Message[]): Promise<void>;
  /** Publishes messages of a key each and of so many bytes, some at a time; they are made here, not sent here. */
  fill(topic: string, messages: number, bytes: number): Promise<void>;
  /** Why each message was not confirmed; nothing for one that was. */
  outcomes(messages: readonly Message[]): Promise<readonly (string | null)[]>;
  consume(topics: readonly string[], behaviour: Behaviour): Promise<void>;
  missing(topics: readonly string[]): Promise<readonly string[]>;
  check(): Promise<void>;
  lag(): Promise<readonly (readonly [string, number])[]>;
  letters(topic: string): Promise<readonly Message[]>;
  stopConsuming(): Promise<void>;
  close(): Promise<void>;
  /**
   * Resident memory in bytes, what of it is held when all else was cleared away, and how many deliveries
   * were in the works at once, at most.
   */
  memory(): Promise<{ rss: number; held: number; most: number }>;
}

/**
 * A process that holds the bus of an emitted service: `node worker.ts FOLDER`. It is
 * told what to do, and tells what it was given and what it has handled, as messages of its parent.
 */
const [folder = ''] = process.argv.slice(2);

async function load(file: string) {
  return import(pathToFileURL(path.join(folder, file)).href);
}

/** The service's own copy of a part of the chassis. */
async function loadChassis(part: string) {
  const { resolve } = createRequire(path.join(folder, 'package.json'));
  return import(pathToFileURL(resolve(`service-chassis/${part}`)).href);
}

async function open(): Promise<EventBus> {
  const { createBus } = await load('src/events/bus/adapter.ts');
  const { loadConfig } = await load('src/config.ts');
  const { createLogger } = await loadChassis('telemetry');
  const config = await loadConfig(process.env);
  return createBus(config, createLogger('worker', config.telemetry));
}

/** What is longer is not repeated to the parent: that would take more memory than the bus does. */
const longestReport = 950_000;
setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');
const bus = await open();
let [running, most] = [0, 0];

async function behave(behaviour: Behaviour, body: string): Promise<void> {
  if (behaviour.kind === 'hang' && (behaviour.body ?? body) === body) await delay(3_600_000);
  if (behaviour.kind === 'slow' && (behaviour.body ?? body) === body) await delay(behaviour.ms);
}

async function handle(behaviour: Behaviour, message: Message): Promise<void> {
  running += 1;
  most = Math.max(most, running);
  const report = message.body.length < longestReport ? message : { ...message, body: '' };
  try {
    process.send?.({ given: report });
    await behave(behaviour, message.body);
    process.send?.({ handled: report, at: process.hrtime.bigint().toString() });
  } finally {
    running -= 1;
  }
}

async function publish(messages: readonly Message[]): Promise<void> {
  for (const error of await bus.publish(messages)) if (error !== undefined) throw error;
}

const commands: Commands = {
  connect: (topics) => bus.connect(topics),
  publish,
  async fill(topic, messages, bytes) {
    const body = 'x'.repeat(bytes);
    const headers = { 'content-type': 'text/plain' };
    for (let first = 0; first < messages; first += 8)
      await publish(
        Array.from({ length: Math.min(8, messages - first) }, (_, index) => ({
          ...{ topic, key: `${first + index}`, body, headers },
        })),
      );
  },
  outcomes: async (messages) =>
    (await bus.publish(messages)).map((error) =>
      error ? `${error.name}: ${error.message}` : null,
    ),
  consume: (topics, behaviour) => bus.consume(topics, (message) => handle(behaviour, message)),
  missing: (topics) => bus.missing(topics),
  check: () => bus.check(),
  lag: async () => [...(await bus.lag())],
  async letters(topic) {
    const letters: Message[] = [];
    for await (const letter of bus.readDeadLetters(topic)) letters.push(letter);
    return letters;
  },
  stopConsuming: () => bus.stopConsuming(),
  close: () => bus.close(),
  async memory() {
    const { rss } = process.memoryUsage();
    gc();
    // Buffers are given back some time later.
    await delay(50);
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return { rss, held: heapUsed + external, most };
  },
};

function isCommand(name: string): name is keyof Commands {
  return name in commands;
}

process.on('message', async ({ id, name, args }: { id: number; name: string; args: never[] }) => {
  try {
    if (!isCommand(name)) throw new Error(`there is no command ${name}`);
    const run: (...given: never[]) => Promise<unknown> = commands[name];
    process.send?.({ id, value: await run(...args) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', async () => {
  await bus.stopConsuming();
  await bus.close();
  process.exit(0);
});
process.send?.({ id: 0 });
