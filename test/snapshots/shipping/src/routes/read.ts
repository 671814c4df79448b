import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemResponses, represent, representationSchema } from '../api/schemas.ts';
import { HttpError } from '../http/problem.ts';

/** `GET /shipping/:id` */
const route: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/shipping/:id',
    {
      schema: {
        tags: ['shipping'],
        operationId: 'read',
        summary: 'Read one by its id',
        params: z.object({ id: z.uuid() }),
        response: { 200: representationSchema, ...problemResponses },
      },
    },
    async (request) => {
      const found = await app.database.repository.find(request.params.id);
      if (found === undefined)
        throw new HttpError(404, `There is none with id ${request.params.id}.`);
      return represent(found);
    },
  );
};

export default route;
