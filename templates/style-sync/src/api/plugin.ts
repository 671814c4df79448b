import fp from 'fastify-plugin';
import { describeApi } from './openapi.ts';

/** The REST API's ground: schemas of routes are zod, and together they are the OpenAPI document. */
export default fp(describeApi, { name: 'api' });
