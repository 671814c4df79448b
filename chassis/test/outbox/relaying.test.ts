import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  defineEvent,
  type Events,
  inOneTopic,
  messageOf,
  topicsOf,
} from '../../src/events/index.ts';
import type { RelayTurn } from '../../src/outbox/index.ts';
import { Relaying } from '../../src/outbox/relaying.ts';
import { newEvent, orderRequested } from '../support/events.ts';
import { buildService } from '../support/service.ts';

const orderShipped = defineEvent({ type: 'orders.order-shipped.v1', data: z.looseObject({}) });
const topicOf = topicsOf(inOneTopic('orders', [orderRequested, orderShipped]));

/** Messages as a service makes them whose events are all in one topic. */
const inTopic: Events['messageOf'] = (event, body) =>
  messageOf(event, { topic: topicOf(event.type), body });

const requested = (reference: string) =>
  inTopic(newEvent(orderRequested, reference, { reference }));
const shipped = (reference: string) => inTopic(newEvent(orderShipped, reference, {}));

test('in one topic an event that fails holds back those of its aggregate that have another type', async () => {
  const { log } = await buildService();
  const sent: string[] = [];
  const events = {
    messageOf: inTopic,
    publish: async (messages: readonly { key: string; type: string }[]) => {
      sent.push(...messages.map(({ key, type }) => `${key} ${type}`));
      return messages.map(({ key }) => (key === 'failing' ? new Error('away') : undefined));
    },
  };
  const waiting = [requested('failing'), requested('other')];
  const turn: RelayTurn = {
    waiting: async () => waiting.splice(0).map(({ body }) => ({ place: '1', text: body })),
    remove: async () => undefined,
    setAside: async () => undefined,
  };
  const relaying = new Relaying(events, log);
  await relaying.relay(turn);
  sent.length = 0;
  waiting.push(shipped('failing'), shipped('other'));
  await relaying.relay(turn);
  expect(sent).toEqual([`other ${orderShipped.type}`]);
});
