import fp from 'fastify-plugin';
import { asyncApiDocument } from 'service-chassis/events';
import manifest from '../../service.json' with { type: 'json' };
import { findSchemas } from '../events/find.ts';
import { serviceInfo } from '../service-info.ts';

/** Serves what the service publishes and handles, for those who publish to it and listen to it. */
export default fp(
  async (app) => {
    const document = asyncApiDocument(serviceInfo, await findSchemas(), manifest.events);
    app.get('/asyncapi.json', async () => document);
  },
  { name: 'asyncapi' },
);
