import type { Message } from '../../chassis/src/events/bus/bus.ts';

const requestedType = 'orders.order-requested.v1';

const start = Date.now();
let made = 0;

/** An event that asks for an order, of the aggregate that the key names; each is later than the one before. */
export function request(id: string, reference: string, key: string): Message {
  made += 1;
  const time = new Date(start + made).toISOString();
  const event = {
    ...{ specversion: '1.0', id, source: '/test', type: requestedType, subject: key },
    ...{ time, datacontenttype: 'application/json', data: { reference } },
  };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return { topic: requestedType, key, body: JSON.stringify(event), headers };
}
