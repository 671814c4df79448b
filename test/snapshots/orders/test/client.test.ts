import { Registry } from 'prom-client';
import { startFakeUpstream } from 'service-chassis/testing';
import { expect, onTestFinished, test } from 'vitest';
import { OrderClient } from './support/order-client.ts';
import { startService } from './support/service.ts';

const closing = { status: 'closed' } as const;
const renaming = { reference: 'A-2' };

/** The service, listening on a free port. */
async function listening(): Promise<string> {
  const app = await startService();
  return app.listen({ host: '127.0.0.1', port: 0 });
}

function clientOf(origin: string): OrderClient {
  const client = new OrderClient(origin, {
    log: { warn: () => undefined },
    metrics: new Registry(),
  });
  onTestFinished(() => client.close());
  return client;
}

test('the client creates, gets, updates, lists and deletes', async () => {
  const client = clientOf(await listening());
  const created = await client.createOrder('A-1');
  expect(await client.getOrder(created.id)).toEqual(created);
  const closed = await client.updateOrder(created, closing);
  expect(closed).toMatchObject({ reference: 'A-1', status: 'closed', version: 2 });
  const listed = await Array.fromAsync(client.listOrders());
  expect(listed).toEqual([closed]);
  const outdated = client.deleteOrder(created);
  await expect(outdated).rejects.toMatchObject({ status: 412 });
  await client.deleteOrder(closed);
  await client.deleteOrder(closed);
  expect(await client.getOrder(created.id)).toBeUndefined();
});

test('the client creates once under one key', async () => {
  const client = clientOf(await listening());
  const first = await client.createOrder('A-1', 'key');
  expect(await client.createOrder('A-1', 'key')).toEqual(first);
});

test('an update whose answer is lost is made once, and the client recognises it', async () => {
  const origin = await listening();
  const created = await clientOf(origin).createOrder('A-1');
  const { url, statuses } = await proxyThatLosesTheFirstAnswer(origin);
  const client = clientOf(url);
  const closed = await client.updateOrder(created, closing);
  expect(closed).toMatchObject({ status: 'closed', version: 2 });
  expect(statuses).toEqual([200, 412, 200]);
  const outdated = client.updateOrder(created, renaming);
  await expect(outdated).rejects.toMatchObject({ status: 412 });
});

/** Forwards requests, and breaks the connection of the first in place of its answer. */
async function proxyThatLosesTheFirstAnswer(origin: string) {
  const statuses: number[] = [];
  const { url, stop } = await startFakeUpstream(async (request, response) => {
    const { method = 'GET', headers } = request;
    const sent: Record<string, string> = { 'content-type': 'application/json' };
    if (headers['if-match'] !== undefined) sent['if-match'] = headers['if-match'];
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    const body = text === '' ? {} : { body: text };
    const answer = await fetch(`${origin}${request.url}`, { method, headers: sent, ...body });
    statuses.push(answer.status);
    if (statuses.length === 1) response.socket?.destroy();
    else response.writeHead(answer.status).end(await answer.text());
  });
  onTestFinished(stop);
  return { url, statuses };
}
