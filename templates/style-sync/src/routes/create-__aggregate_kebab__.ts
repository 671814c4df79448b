import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { entityTagOf, problems, jsonWithEntityTag } from 'service-chassis/api';
import { changeOnce, idempotencyHeaders } from 'service-chassis/idempotency';
import {
  __aggregate__ViewSchema,
  new__Aggregate__Schema,
  to__Aggregate__View,
} from '../api/schemas.ts';
import { create__Aggregate__ } from '../application/create-__aggregate_kebab__.ts';

const url = '/__service__';
const schema = {
  tags: ['__service__'],
  operationId: 'create__Aggregate__',
  summary: 'Create __an_aggregate__',
  headers: idempotencyHeaders,
  body: new__Aggregate__Schema,
  response: {
    201: jsonWithEntityTag('Created', __aggregate__ViewSchema, {
      Location: { type: 'string', description: 'The path of what was created' },
    }),
    ...problems(400, 422),
  },
};

/** `POST /__service__` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.post(url, { schema }, async (request, reply) => {
    const answer = await changeOnce(app, request, async (work) => {
      const created = await create__Aggregate__(work, request.body);
      return to__Aggregate__View(created);
    });
    const view = __aggregate__ViewSchema.parse(answer);
    reply.header('location', `${url}/${view.id}`);
    reply.header('etag', entityTagOf(view.version));
    return reply.code(201).send(view);
  });
};

export default route;
