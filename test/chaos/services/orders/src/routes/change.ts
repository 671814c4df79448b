import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { unitOfWork } from '../database/unit-of-work.ts';
import { newEvent } from '../events/event.ts';
import changedEvent from '../events/schemas/order-changed.v1.ts';

/** `POST /orders/:id/changes`: raises the version and says so. */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/orders/:id/changes',
    { schema: { params: z.object({ id: z.uuid() }) } },
    async (request, reply) => {
      const { id } = request.params;
      const version = await app.database.kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('orders')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('id', '=', id)
          .returning('version')
          .executeTakeFirstOrThrow();
        await unitOfWork(transaction).publish(newEvent(changedEvent, id, { id, ...row }));
        return row.version;
      });
      return reply.code(201).send({ version });
    },
  );
};

export default route;
