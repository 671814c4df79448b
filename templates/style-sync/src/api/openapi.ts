import swagger, { type SwaggerTransform } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { serviceInfo } from '../service-info.ts';

/** Lets routes declare zod schemas, and serves the document that they add up to. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: serviceInfo.name, description: serviceInfo.description, version: '1.0.0' },
    },
    transform: withHeaders,
    // Probes and metrics are for the platform, not for callers of the API.
    hideUntagged: true,
  });
  app.get('/openapi.json', async () => app.swagger());
}

/** As JSON Schema, with the headers of answers, which the transformation leaves out. */
const withHeaders: SwaggerTransform = (document) => {
  const transformed = jsonSchemaTransform(document);
  const before = document.schema?.response ?? {};
  for (const [status, after] of Object.entries(transformed.schema?.response ?? {})) {
    const declared: unknown = Reflect.get(before, status);
    if (isObject(after) && isObject(declared) && 'headers' in declared) {
      Object.assign(after, { headers: declared.headers });
    }
  }
  return transformed;
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
