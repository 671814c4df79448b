import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createOrder } from '../application/create-order.ts';

const query = z.object({
  reference: z.string(),
  /** How long to wait with what in one transaction. */
  before: z.coerce.number().default(0),
  between: z.coerce.number().default(0),
  after: z.coerce.number().default(0),
  /** Whether it changes its mind at the end. */
  fail: z.stringbool().default(false),
});

/** `POST /held?reference=R&between=MS`: creates two of the same reference in one transaction that takes its time. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post('/held', { schema: { querystring: query } }, async (request, reply) => {
    const { reference, before, between, after, fail } = request.query;
    await app.database.transaction(async (work) => {
      await delay(before);
      await createOrder(work, { reference });
      await delay(between);
      await createOrder(work, { reference });
      await delay(after);
      if (fail) throw new Error('changed its mind');
    });
    return reply.code(201).send({});
  });
};

export default route;
