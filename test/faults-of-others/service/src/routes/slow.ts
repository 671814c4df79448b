import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import { z } from 'zod';
import { toOrderView } from '../api/schemas.ts';
import { createOrder } from '../application/create-order.ts';

const query = z.object({ reference: z.string(), ms: z.coerce.number() });

/** `POST /slow?reference=R&ms=MS`: creates one in a unit of work that asks the database for as long. */
const route: FastifyPluginAsyncZod = async (app) => {
  const schema = { headers: idempotencyHeaders, querystring: query };
  app.post('/slow', { schema }, async (request, reply) => {
    const { reference, ms } = request.query;
    const answer = await changeOnce(app, request, async (work) => {
      const created = await createOrder(work, { reference });
      const until = performance.now() + ms;
      while (performance.now() < until) {
        await work.repository.find(created.id);
        await delay(50);
      }
      return toOrderView(created);
    });
    return reply.code(201).send(answer);
  });
};

export default route;
