import type { Api, Operation } from '../../templates/add-client/development/openapi/document.ts';
import { nearest } from '../answers/nearest.ts';
import { quoted } from '../answers/parse.ts';
import { BadInputError } from '../base/errors.ts';
import { plain } from './plain-text.ts';

/** What stands for all operations. */
export const allOperations = 'all';

/**
 * An API with the operations that a person names, by id or as `POST /orders`, between commas.
 *
 * @throws BadInputError for one that the document has not, or that no client can be made of.
 */
export function takenOf(api: Api, text: string, where: string): Api {
  if (text === allOperations) return api;
  const wanted = text
    .split(',')
    .map((name) => name.trim().replace(/\s+/g, ' '))
    .filter((name) => name !== '');
  const unknown = wanted.find((name) => !api.operations.some((each) => isCalled(each, name)));
  if (unknown !== undefined) throw withoutOperation(api, unknown, where);
  const operations = api.operations.filter((each) => wanted.some((name) => isCalled(each, name)));
  return { ...api, operations, leftOut: [] };
}

function isCalled(operation: Operation, name: string): boolean {
  return operation.operationId === name || `${operation.method} ${operation.path}` === name;
}

function withoutOperation(
  { operations, leftOut }: Api,
  name: string,
  where: string,
): BadInputError {
  const out = leftOut.find(({ operation }) => operation === name);
  if (out !== undefined)
    return new BadInputError(`No client can be made of ${quoted(name)}: ${plain(out.reason)}.`);
  const names = operations.map(
    ({ operationId, method, path }) => operationId ?? `${method} ${path}`,
  );
  const meant = nearest(name, names);
  return new BadInputError(
    `${where} has no operation ${quoted(name)}.`,
    meant === undefined ? undefined : `--operations ${quoted(plain(meant))}`,
  );
}
