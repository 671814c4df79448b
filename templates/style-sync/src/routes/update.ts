import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  entityTagOf,
  notFound,
  problems,
  jsonWithEntityTag,
  writeCondition,
  writePreconditionHeaders,
} from 'service-chassis/api';
import { z } from 'zod';
import { changeSchema, represent, representationSchema } from '../api/schemas.ts';
import { update } from '../application/update.ts';

/** `PUT /__service__/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.put(
    '/__service__/:id',
    {
      schema: {
        tags: ['__service__'],
        operationId: 'update',
        summary: 'Change one that is as it was last seen',
        params: z.object({ id: z.uuid() }),
        headers: writePreconditionHeaders,
        body: changeSchema,
        response: {
          200: jsonWithEntityTag('Changed', representationSchema),
          ...problems(400, 404, 409, 412, 428),
        },
      },
    },
    async (request, reply) => {
      const { params, body, headers } = request;
      const confirm = writeCondition(headers);
      const changed = await app.database.transaction((work) =>
        update(work, params.id, body, confirm),
      );
      if (changed === undefined) throw notFound(params.id);
      return reply.header('etag', entityTagOf(changed.version)).send(represent(changed));
    },
  );
};

export default route;
