import fp from 'fastify-plugin';
import manifest from '../../service.json' with { type: 'json' };
import { findSchemas } from '../events/find.ts';
import { asyncApiDocument } from './document.ts';

/** Serves what the service publishes and handles, for those who publish to it and listen to it. */
export default fp(
  async (app) => {
    const document = asyncApiDocument(await findSchemas(), manifest.events);
    app.get('/asyncapi.json', async () => document);
  },
  { name: 'asyncapi' },
);
