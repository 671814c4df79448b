import {
  type Api,
  DocumentError,
  readApi,
} from '../../templates/add-client/development/openapi/document.ts';
import { TypeNames } from '../../templates/add-client/development/openapi/names.ts';
import { recordOf as jsonObject } from '../../templates/add-client/development/openapi/schema.ts';
import type { AddedAnswers, Emission, GatheredDocument, Surroundings } from '../add/addition.ts';
import { clientNames, clientWords } from '../answers/client-names.ts';
import { variablePrefix } from '../answers/naming.ts';
import { BadInputError } from '../base/errors.ts';
import { jsonText } from '../plan/merge/json.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { restClient } from './emit.ts';
import { plain } from './plain-text.ts';
import { recordedDocument } from './recorded.ts';
import { takenOf } from './taken.ts';

/** Characters of a document that is recorded; linters leave larger files out. */
const largestRecord = 900_000;

/** A typed client from a document that was gathered. Pure. @throws BadInputError for one that has no use. */
export function restClientEmission(
  { name = '', operations = '' }: AddedAnswers,
  { document: gathered }: Surroundings,
): Emission {
  if (gathered === undefined) throw new Error('the document has not been gathered');
  const { document, provider, where } = gathered;
  const typeNames = new TypeNames();
  const api = takenOf(apiOf(gathered, typeNames), operations, where);
  if (api.operations.length === 0) throw withoutOperations(api, where);
  const names = clientNames(name);
  const made = restClient(api, document, typeNames, names);
  const record = recordOf(document, api, `src/clients/${name}/openapi.json`);
  const prefix = variablePrefix(name);
  return {
    does: `calls ${name}`,
    layers: ['add-client', ...(made.isTested ? ['add-client-calls'] : []), 'add-compatibility'],
    words: clientWords(name),
    files: [record, ...made.files],
    calls: [name],
    contract: { client: name, provider, document: record.path },
    environment: variablesOf(name, prefix),
    devDependencies: ['yaml'],
    clients: [{ name, key: names.key, prefix }],
    notes: [...notesOf(api), ...credentialNotes(document)],
  };
}

function apiOf({ document, where }: GatheredDocument, typeNames: TypeNames): Api {
  try {
    return readApi(document, typeNames.of);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new BadInputError(
      `${where} is no OpenAPI document that a client can be made from: it ${plain(error.message)}.`,
      'give one of OpenAPI 3.0 or 3.1 that stands alone',
    );
  }
}

function recordOf(document: unknown, api: Api, path: string): PlannedFile {
  const contents = jsonText(recordedDocument(document, api), { indent: '  ', lists: 'fitted' });
  if (contents.length <= largestRecord) return { path, contents };
  throw new BadInputError(
    'What the document says of these operations is too large to be recorded.',
    'name the ones that are needed: --operations',
  );
}

function withoutOperations({ leftOut }: Api, where: string): BadInputError {
  const [first] = leftOut;
  const reason = first === undefined ? '' : ` (${plain(first.operation)}: ${plain(first.reason)})`;
  return new BadInputError(`${where} has no operation that a client can be made of${reason}.`);
}

function variablesOf(name: string, prefix: string) {
  return [
    {
      name: `${prefix}_URL`,
      example: `http://${name}`,
      description: `where ${name} is; in development a stand-in answers from its document`,
      required: true,
    },
    {
      name: `${prefix}_TOKEN`,
      example: 'secret',
      description: `sent to ${name} as a bearer token`,
    },
    {
      name: `${prefix}_TOTAL_TIMEOUT_MS`,
      example: '15000',
      description: `after which a call of ${name} ends; README lists the other limits`,
    },
  ];
}

/** Credentials are a bearer token, or nothing. */
function credentialNotes(document: unknown): readonly string[] {
  const { securitySchemes } = jsonObject(jsonObject(document).components);
  const hasOthers = Object.values(jsonObject(securitySchemes)).some((scheme) => {
    const { type, scheme: name } = jsonObject(scheme);
    return type === 'apiKey' || (type === 'http' && !/^bearer$/i.test(String(name)));
  });
  return hasOthers
    ? ['the document knows credentials that are no bearer token, which the client does not send']
    : [];
}

/** Names of operations that were left out, the first of many. */
function notesOf({ operations, leftOut }: Api): readonly string[] {
  const shown = 20;
  const out = leftOut.map(
    ({ operation, reason }) => `${plain(operation)} was left out: ${plain(reason)}`,
  );
  const rest = out.length > shown ? [`${out.length - shown} more operations were left out`] : [];
  const without = operations.flatMap(({ method, path, without: names }) =>
    names.map((name) => `${method} ${plain(path)} goes without its parameter ${plain(name)}`),
  );
  return [...out.slice(0, shown), ...rest, ...without.slice(0, shown)];
}
