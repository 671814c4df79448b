import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { BusProcess } from '../buses/bus-process.ts';
import type { Subject } from '../stores/subject.ts';
import { temporaryFolder } from '../support/cli.ts';
import { link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';

export const notedType = 'orders.noted.v1';
export const otherType = 'orders.other.v1';

/** Whether what takes minutes is tested as well: `.ci/long` does. */
export const isLong = process.env.CREATE_SERVICE_LONG !== undefined;

/** What a service is to publish, all in one transaction. */
interface Notes {
  readonly type: 'noted' | 'other';
  readonly subject: string;
  readonly texts: readonly string[];
  readonly filler?: string;
  readonly times?: number;
}

/** Emits a service on a store and a bus that publishes what it is told, see `service/`. */
export async function emitOutboxService(
  datastore: string,
  bus: string,
  dependencies: string,
): Promise<string> {
  const root = await temporaryFolder();
  const choices = ['--style', 'both', '--datastore', datastore, '--bus', bus];
  await servicesIn(root, { orders: choices });
  const folder = path.join(root, 'orders');
  await link(folder, { folder: dependencies });
  await fs.cp(path.join(import.meta.dirname, 'service'), folder, { recursive: true });
  return folder;
}

/** All that the service needs on the broker. */
const ownTopics = {
  events: [
    ...[notedType, otherType, 'orders.order-created.v1', 'orders.order-requested.v1'],
    'orders.replay',
  ],
  consumed: ['orders.order-requested.v1', 'orders.replay'],
  deadLetters: 'orders.dead-letter',
};

/** Creates the service's topics, for a service that may not do so itself, and so not again. */
export async function createTopics(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const bus = await BusProcess.start(folder, { ...environment, EVENTS_CREATE_TOPICS: 'true' });
  await bus.do('connect', ownTopics);
  await bus.kill();
}

/** Another service, which hears of what is published. */
export async function listenTo(
  bus: string,
  dependencies: string,
  environment: Readonly<Record<string, string>>,
): Promise<BusProcess> {
  const root = await temporaryFolder();
  await servicesIn(root, { listener: ['--style', 'async', '--datastore', 'none', '--bus', bus] });
  const folder = path.join(root, 'listener');
  await link(folder, { folder: dependencies });
  const listener = await BusProcess.start(folder, environment);
  const topics = {
    events: [notedType],
    consumed: [notedType],
    deadLetters: 'listener.dead-letter',
  };
  await listener.do('connect', topics);
  await vi.waitFor(() => listener.do('consume', topics.consumed, { kind: 'handle' }), {
    timeout: 30_000,
    interval: 200,
  });
  return listener;
}

/** The texts that a listener heard, in that order, without what fills them. */
export function textsHeard(listener: BusProcess): string[] {
  return listener.handled.map(({ body }) => JSON.parse(body).data.text.split(' ')[0]);
}

export async function publish(subject: Subject, notes: Notes): Promise<void> {
  const { status, text } = await subject.send('POST', '/notes', notes);
  expect(status, text).toBe(201);
}

export async function metricsOf(subject: Subject): Promise<string> {
  return (await subject.send('GET', '/metrics')).text;
}

export async function expectMetric(
  subject: Subject,
  line: string,
  timeout = 20_000,
): Promise<void> {
  const ofOutbox = async () =>
    (await metricsOf(subject)).split('\n').filter((each) => /^outbox_/.test(each));
  await vi.waitFor(
    async () => expect(await ofOutbox(), subject.service.output.slice(-3000)).toContain(line),
    { timeout, interval: 100 },
  );
}
