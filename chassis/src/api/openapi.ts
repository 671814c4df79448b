import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { ErrorFormat } from '../http/index.ts';
import { withErrorsIn } from './responses.ts';

/** What the document says of the service as a whole. */
export interface ApiInfo {
  readonly name: string;
  readonly description: string;
  /** The form of its error answers, where the application at hand does not answer any. */
  readonly errorFormat?: ErrorFormat;
}

/**
 * Lets the routes that are added from now on declare zod schemas, and answers `GET /openapi.json` with the
 * OpenAPI 3.1 document that those with `tags` add up to; `app.swagger()` returns it.
 */
export async function describeApi(
  app: FastifyInstance,
  { name, description, errorFormat = app.errorFormat }: ApiInfo,
): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: name, description, version: '1.0.0' },
      servers: [{ url: '/' }],
      // Callers from outside come through a gateway, which knows who they are.
      security: [],
    },
    transform: ({ schema, ...document }) =>
      withHeaders({ ...document, schema: withErrorsIn(errorFormat, schema) }),
    transformObject: withoutUnused,
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

/** The schemas that have a name, in the form in which the document refers to them, and no other form. */
const withoutUnused: SwaggerTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document);
  if (!('openapi' in whole)) return whole;
  const schemas = whole.components?.schemas ?? {};
  const used = new Set<string>();
  const collect = (part: unknown): void => {
    const references = JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ''] of references) {
      if (used.has(name)) continue;
      used.add(name);
      collect(schemas[name]);
    }
  };
  collect(whole.paths);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return whole;
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
