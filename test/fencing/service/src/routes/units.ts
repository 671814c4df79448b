import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createOrder } from '../application/create-order.ts';

const query = z.object({
  name: z.string(),
  /** How many orders it creates, all with its name as their reference. */
  orders: z.coerce.number(),
  /** Milliseconds after which a sibling of the work fails. */
  sibling: z.coerce.number().optional(),
  /** Milliseconds after which its signal aborts. */
  abort: z.coerce.number().optional(),
});

/** `POST /units`: runs a unit of work. `GET /units`: how each of them ended, as the service knows it. */
const route: FastifyPluginAsyncZod = async (app) => {
  const endings: Record<string, string> = {};

  app.post('/units', { schema: { querystring: query } }, async (request, reply) => {
    const { name, orders, sibling, abort } = request.query;
    const unit = app.database.transaction(
      async (work) => {
        const works = [creating()];
        if (sibling !== undefined) works.push(failing(sibling));
        await Promise.all(works);

        async function creating(): Promise<void> {
          // A document is written when the work is done; until then there is only what it reads.
          for (let read = 0; read < 6 && orders === 1; read += 1)
            await work.repository.find(randomUUID());
          for (let made = 0; made < orders; made += 1) await createOrder(work, { reference: name });
        }
      },
      abort === undefined ? undefined : { signal: AbortSignal.timeout(abort) },
    );
    try {
      await unit;
      endings[name] = 'committed';
    } catch (error) {
      endings[name] = error instanceof Error ? error.name : String(error);
      throw error;
    }
    return reply.code(201).send({});
  });

  app.get('/units', async () => endings);
};

async function failing(after: number): Promise<void> {
  await delay(after);
  throw new Error('a sibling failed');
}

export default route;
