import fp from 'fastify-plugin';
import { describeApi } from 'service-chassis/api';
import { serviceInfo } from '../service-info.ts';

/** The REST API's ground: schemas of routes are zod, and together they are the OpenAPI document. */
export default fp(async (app) => describeApi(app, serviceInfo), { name: 'api' });
