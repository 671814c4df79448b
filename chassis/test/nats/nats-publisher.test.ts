import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Publisher } from '../../src/nats/publisher.ts';

interface Answer {
  readonly subject: string;
  readonly headers?: MsgHdrs;
  string(): string;
}

/** Publishes over a connection that only keeps what it is told; `answers` come when a test says so. */
function publishing(count: number) {
  const replies: string[] = [];
  const listeners: ((error: Error | null, answer: Answer) => void)[] = [];
  const publisher = new Publisher({
    publish: (_subject, _body, { reply }) => void replies.push(reply),
    subscribe: (_subject, { callback }) => listeners.push(callback),
  });
  const publish = () => publisher.publish('orders.placed.0', '{}', headers());
  const published = Promise.allSettled(Array.from({ length: count }, publish));
  const hear = (error: Error | null, answer: Answer) => listeners.at(-1)?.(error, answer);
  const answer = (index: number, text: string, given?: MsgHdrs) =>
    hear(null, {
      subject: replies[index] ?? '',
      string: () => text,
      ...(given === undefined ? {} : { headers: given }),
    });
  return { publish, published, answer, hear, listeners };
}

test('each message is confirmed or refused by the answer to it, in whatever order they come', async () => {
  const { published, answer } = publishing(4);
  answer(3, '', headers(503, 'No Responders'));
  answer(2, '{"stream":"","seq":0}');
  answer(1, '{"error":{"code":503,"err_code":10077,"description":"maximum messages exceeded"}}');
  answer(0, '{"stream":"orders_placed","seq":1}');
  expect(await published).toMatchObject([
    { status: 'fulfilled' },
    { reason: { message: 'maximum messages exceeded' } },
    { reason: { message: expect.stringContaining('names no stream') } },
    { reason: { name: 'NoResponders' } },
  ]);
});

test('a message that nobody answers is given up after half a minute', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { published, publish, answer } = publishing(1);
  vi.advanceTimersByTime(29_000);
  const later = publish();
  vi.advanceTimersByTime(3000);
  expect(await published).toMatchObject([{ reason: { name: 'TimeoutError' } }]);
  answer(1, '{"stream":"orders_placed","seq":1}');
  await later;
});

test('when it may not listen, what waits fails, and the next message listens again', async () => {
  const { published, publish, answer, hear, listeners } = publishing(1);
  hear(new Error('no permission'), { subject: '', string: () => '' });
  expect(await published).toMatchObject([{ reason: { message: 'no permission' } }]);
  const next = publish();
  expect(listeners).toHaveLength(2);
  answer(1, '{"stream":"orders_placed","seq":1}');
  await next;
});
