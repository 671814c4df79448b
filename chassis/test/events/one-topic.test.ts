import { expect, test } from 'vitest';
import { z } from 'zod';
import { InProcessBus } from '../../src/development/index.ts';
import {
  defineEvent,
  describeEvents,
  type Events,
  inOneTopic,
  messageOf,
  topicsOf,
} from '../../src/events/index.ts';
import { newEvent, orderRequested, startEvents } from '../support/events.ts';
import { buildService } from '../support/service.ts';

const orderShipped = defineEvent({ type: 'orders.order-shipped.v1', data: z.looseObject({}) });
const paid = defineEvent({ type: 'payments.paid.v1', data: z.looseObject({}) });
const topicOf = topicsOf(inOneTopic('orders', [orderRequested, orderShipped, paid]));

/** Messages as a service makes them whose events are all in one topic. */
const inTopic: Events['messageOf'] = (event, body) =>
  messageOf(event, { topic: topicOf(event.type), body });

const requested = (reference: string) =>
  inTopic(newEvent(orderRequested, reference, { reference }));
const shipped = (reference: string) => inTopic(newEvent(orderShipped, reference, {}));

test('a service puts its own types into one topic, and leaves those of others where they are', () => {
  const topics = [orderRequested, orderShipped, paid].map(({ type }) => topicOf(type));
  expect(topics).toEqual(['orders.events', 'orders.events', 'payments.paid.v1']);
});

test('of a topic that carries several types, those that nobody handles are passed over', async () => {
  const bus = new InProcessBus();
  const handled: string[] = [];
  const { letters, app } = await startEvents({
    service: 'billing',
    bus,
    schemas: inOneTopic('orders', [orderRequested]),
    apply: async (reference) => void handled.push(reference),
  });
  await bus.publish([shipped('one'), requested('one'), shipped('one'), requested('two')]);
  await expect.poll(() => handled.toSorted()).toEqual(['one', 'two']);
  expect(await letters()).toEqual([]);
  expect(await app.metrics.metrics()).not.toContain('order-shipped');
});

test('a type that nobody handles is still a dead letter in a topic of another', async () => {
  const bus = new InProcessBus();
  const { letters } = await startEvents({ bus, apply: async () => undefined });
  const strange = newEvent(orderShipped, 'one', {});
  await bus.publish([messageOf(strange, { topic: orderRequested.type })]);
  await expect.poll(async () => (await letters()).length).toBe(1);
});

test('its document has one channel, with every type that it carries', async () => {
  const app = await buildService();
  const about = { name: 'orders', description: 'Orders.' };
  const schemas = inOneTopic('orders', [orderRequested, orderShipped]);
  describeEvents(app, about, { schemas, handlers: [{ type: orderRequested.type }] });
  const document = (await app.inject('/asyncapi.json')).json();
  const types = [orderRequested.type, orderShipped.type];
  expect(Object.keys(document.channels)).toEqual(['orders.events']);
  expect(Object.keys(document.channels['orders.events'].messages)).toEqual(types);
  expect(document.operations[`receive-${orderRequested.type}`].channel).toEqual({
    $ref: '#/channels/orders.events',
  });
});
