import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { notFound, problems, writeCondition, writePreconditionHeaders } from 'service-chassis/api';
import { z } from 'zod';
import { remove } from '../application/remove.ts';

/** `DELETE /__service__/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.delete(
    '/__service__/:id',
    {
      schema: {
        tags: ['__service__'],
        operationId: 'delete',
        summary: 'Delete one that is as it was last seen',
        params: z.object({ id: z.uuid() }),
        headers: writePreconditionHeaders,
        response: {
          204: z.undefined().describe('Deleted'),
          ...problems(400, 404, 409, 412, 428),
        },
      },
    },
    async ({ params, headers }, reply) => {
      const confirm = writeCondition(headers);
      const existed = await app.database.transaction((work) => remove(work, params.id, confirm));
      if (!existed) throw notFound(params.id);
      return reply.code(204).send();
    },
  );
};

export default route;
