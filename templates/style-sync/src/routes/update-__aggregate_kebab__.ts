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
import {
  __aggregate__ChangesSchema,
  __aggregate__ViewSchema,
  to__Aggregate__View,
} from '../api/schemas.ts';
import { update__Aggregate__ } from '../application/update-__aggregate_kebab__.ts';

const url = '/__service__/:id';
const schema = {
  tags: ['__service__'],
  operationId: 'update__Aggregate__',
  summary: 'Update __an_aggregate__',
  description: 'Only the version that the header `If-Match` names.',
  params: z.object({ id: z.uuid() }),
  headers: writePreconditionHeaders,
  body: __aggregate__ChangesSchema,
  response: {
    200: jsonWithEntityTag('Updated', __aggregate__ViewSchema),
    ...problems(400, 404, 409, 412, 428),
  },
};

/** `PUT /__service__/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.put(url, { schema }, async ({ params, body, headers }, reply) => {
    const checkVersion = writeCondition(headers);
    const updated = await app.database.transaction((work) => {
      return update__Aggregate__(work, params.id, body, checkVersion);
    });
    if (updated === undefined) throw notFound(params.id);
    reply.header('etag', entityTagOf(updated.version));
    return reply.send(to__Aggregate__View(updated));
  });
};

export default route;
