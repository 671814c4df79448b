import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from '../../src/http/connections.ts';

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

interface Begun {
  readonly request: IncomingMessage;
  readonly answer: ServerResponse;
}

/** A server whose answers the test gives, and a client of it. */
async function server(): Promise<{
  connections: Connections;
  client: net.Socket;
  received: () => string;
  begun: () => Promise<Begun>;
}> {
  const started: Begun[] = [];
  const http1 = http.createServer((request, answer) => started.push({ request, answer }));
  const connections = new Connections(http1);
  http1.listen(0, '127.0.0.1');
  await once(http1, 'listening');
  const address = http1.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = net.connect(address.port, '127.0.0.1');
  let text = '';
  client.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  onTestFinished(() => {
    client.destroy();
    http1.closeAllConnections();
    http1.close();
  });
  const begun = async (): Promise<Begun> => {
    await expect.poll(() => started.length).toBeGreaterThan(0);
    const first = started.shift();
    if (first === undefined) throw new Error('nothing was asked');
    return first;
  };
  return { connections, client, received: () => text, begun };
}

test('after an answer that had begun before the stop, the next request is answered and says that it is the last', async () => {
  const { connections, client, received, begun } = await server();
  client.write(request);
  const { answer } = await begun();
  answer.write('first');
  await expect.poll(received).toContain('first');
  const closed = connections.close(new AbortController().signal);
  answer.end('ended');
  await expect.poll(received).toContain('ended');
  client.write(request);
  const next = await begun();
  next.answer.end('second');
  await once(client, 'end');
  expect(received()).toMatch(/connection: close.*second/is);
  await closed;
});

test('a client that has just connected has time to say what it wants', async () => {
  const { connections, client, received, begun } = await server();
  await once(client, 'connect');
  const closed = connections.close(new AbortController().signal);
  // Longer than two looks.
  await delay(150);
  client.write(request);
  (await begun()).answer.end('answered');
  await once(client, 'end');
  await closed;
  expect(received()).toContain('answered');
});

test('one that says nothing is not waited for, even less when time is up', async () => {
  const { connections, client } = await server();
  await once(client, 'connect');
  await connections.close(AbortSignal.timeout(100));
  await once(client, 'close');
});

test('what was asked behind such an answer is answered too', async () => {
  const { connections, client, received, begun } = await server();
  client.write(request + request);
  const [first, second] = [await begun(), await begun()];
  first.answer.write('first');
  connections.closeAfterAnswer();
  first.answer.end();
  second.answer.end('second');
  await once(client, 'end');
  expect(received()).toContain('second');
});

test('a request that came while the process was busy is answered, although no look saw it come', async () => {
  const { connections, client, received, begun } = await server();
  await once(client, 'connect');
  await delay(10);
  const closed = connections.close(new AbortController().signal);
  client.write(request);
  // Written out by the kernel, and not read before the next look is due.
  await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 120;
  while (performance.now() < until);
  const { answer } = await begun();
  answer.end('answered');
  await closed;
  expect(received()).toContain('answered');
});
