import { expect, test } from 'vitest';
import type { KeyedRequest } from '../../../src/idempotency/index.ts';
import { onEachServer, startOrders, type Work } from '../support/relational.ts';

const request: KeyedRequest = { key: 'k', fingerprint: 'f' };

async function create({ orders }: Work): Promise<unknown> {
  return { id: await orders.insert('once') };
}

onEachServer((server) => {
  test('of requests that come at once under one key, one has an effect, and all its answer', async () => {
    const { answers, kept } = await startOrders(server);
    const given = await Promise.all(
      Array.from({ length: 20 }, () => answers.once(request, create)),
    );
    expect(new Set(given.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await kept()).toEqual(['once']);
  });

  test('what failed leaves its key free, and another request under a key is refused', async () => {
    const { answers, kept } = await startOrders(server);
    const failing = answers.once(request, async (work) => {
      await create(work);
      throw new Error('no place left');
    });
    await expect(failing).rejects.toThrow('no place left');
    await answers.once({ ...request, fingerprint: 'corrected' }, create);
    expect(await kept()).toEqual(['once']);
    await expect(answers.once(request, create)).rejects.toMatchObject({ statusCode: 422 });
  });

  // In a file the second waits for its turn to write, whatever its key is, and is told 503.
  if (server.kind !== 'sqlite')
    test('a request whose key is in use for longer than a statement may take is told so', async () => {
      const environment = { DATABASE_STATEMENT_TIMEOUT_MS: '1000' };
      const { answers } = await startOrders(server, { environment });
      const held = Promise.withResolvers<void>();
      const claimed = Promise.withResolvers<void>();
      const first = answers.once(request, async (work) => {
        claimed.resolve();
        for (let waited = 0; waited < 10; waited += 1) {
          // So that the server does not take the transaction for one that was left.
          await work.orders.references();
          await Promise.race([held.promise, new Promise((resolve) => setTimeout(resolve, 500))]);
        }
        return {};
      });
      await claimed.promise;
      await expect(answers.once(request, create)).rejects.toMatchObject({ statusCode: 409 });
      held.resolve();
      await first;
    });
});
