import { type Api, basePathOf } from '../../templates/add-client/development/openapi/document.ts';
import type { TypeNames } from '../../templates/add-client/development/openapi/names.ts';
import type { ClientNames } from '../answers/client-names.ts';
import { capitalised } from '../answers/naming.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { callsFile } from './calls-file.ts';
import { clientFile } from './client-file.ts';
import { sharedDefinitions } from './definitions.ts';
import { methodNames } from './method-names.ts';
import type { NamedOperation } from './named-operation.ts';
import { operationsFile } from './operations-file.ts';
import { typesFile } from './types-file.ts';

/** The files that follow from a document. */
export interface RestClient {
  readonly files: readonly PlannedFile[];
  /** Whether there are calls for its tests to make. */
  readonly isTested: boolean;
}

/**
 * Makes a typed client of an API. Whatever its document says, the files are TypeScript that holds
 * nothing of it but names, types and data.
 */
export function restClient(
  api: Api,
  document: unknown,
  typeNames: TypeNames,
  names: ClientNames,
): RestClient {
  const shared = sharedDefinitions(api, (name) => typeNames.free(name));
  const methods = methodNames(api.operations);
  const operations = api.operations.map((operation, index): NamedOperation => {
    const name = methods[index] ?? '';
    return { name, typeName: freeTypeName(capitalised(name), typeNames), operation };
  });
  const folder = `src/clients/${names.stem}`;
  const calls = callsFile(names, operations, api);
  const files = [
    { path: `${folder}/types.ts`, contents: typesFile(operations, shared) },
    {
      path: `${folder}/operations.ts`,
      contents: operationsFile(operations, shared.received, basePathOf(document)),
    },
    { path: `${folder}/client.ts`, contents: clientFile(names, operations) },
    ...(calls === undefined
      ? []
      : [{ path: `test/support/${names.stem}-calls.ts`, contents: calls }]),
  ];
  return { files, isTested: calls !== undefined };
}

/** A name of which neither `…Input` nor `…Answer` is taken. */
function freeTypeName(name: string, typeNames: TypeNames): string {
  for (let number = 1; ; number += 1) {
    const found = number === 1 ? name : `${name}${number}`;
    if (typeNames.takeAll([`${found}Input`, `${found}Answer`])) return found;
  }
}
