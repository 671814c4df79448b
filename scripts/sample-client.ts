import type { PlannedFile } from '../src/plan/plan.ts';
import { restClient } from '../src/rest-client/emit.ts';
import { readApi } from '../templates/add-client/development/openapi/document.ts';
import { TypeNames } from '../templates/add-client/development/openapi/names.ts';

/** An API of one operation. */
const document = {
  openapi: '3.1.0',
  info: { title: 'sample', version: '1' },
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'read',
        parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            content: { 'application/json': { schema: { type: 'object', required: ['id'] } } },
          },
        },
      },
    },
  },
};

/** What `add client` makes from a document, under the placeholders' names: the templates import it. */
export function sampleClient(): readonly PlannedFile[] {
  const names = new TypeNames();
  const client = { stem: '__client__', key: '__clientKey__', type: '__ClientType__' };
  const { files } = restClient(readApi(document, names.of), document, names, client);
  const record = {
    path: 'src/clients/__client__/openapi.json',
    contents: JSON.stringify(document),
  };
  return [...files, record];
}
