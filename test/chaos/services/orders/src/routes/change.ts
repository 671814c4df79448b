import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { HttpError } from 'service-chassis/http';
import { z } from 'zod';
import { changeOrder } from '../domain/order.ts';
import { newEvent } from '../events/event.ts';
import changedEvent from '../events/schemas/order-changed.v1.ts';

/** `POST /orders/:id/changes?padding=BYTES`: raises the version and says so, in an event of that size. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/orders/:id/changes',
    {
      schema: {
        params: z.object({ id: z.uuid() }),
        querystring: z.object({ padding: z.coerce.number().int().default(0) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const padding = '.'.repeat(request.query.padding);
      const version = await app.database.transaction(async (work) => {
        const found = await work.repository.find(id);
        if (found === undefined) throw new HttpError(404, 'There is none.');
        const changed = changeOrder(found, found, new Date());
        await work.repository.update(changed);
        await work.publish(newEvent(changedEvent, id, { id, version: changed.version, padding }));
        return changed.version;
      });
      return reply.code(201).send({ version });
    },
  );
};

export default route;
