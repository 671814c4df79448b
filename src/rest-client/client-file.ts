import type { ClientNames } from '../answers/client-names.ts';
import { takesInput } from './calls-file.ts';
import type { NamedOperation } from './named-operation.ts';
import { commentText, generatedHeader } from './source-text.ts';

/** The file of the client: a class with a method for each operation. */
export function clientFile(
  { stem, type }: ClientNames,
  operations: readonly NamedOperation[],
): string {
  return `${generatedHeader}import { call } from '../api-client.ts';
import type { CallOptions, HttpClient } from 'service-chassis/clients';
import * as operations from './operations.ts';
import type * as types from './types.ts';

/**
 * The client of ${stem}: a method for each operation of its document, behind its policy.
 *
 * Each throws UpstreamError for an answer that is no success, InvalidAnswerError for one that is not
 * what the document says, and what the policy throws.
 */
export class ${type} {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }
${operations.map(methodText).join('')}}
`;
}

function methodText({ name, typeName, operation }: NamedOperation): string {
  const { method, path, parameters, body, summary = '' } = operation;
  const isNeeded = body?.required === true || parameters.some(({ required }) => required);
  const input = `input: types.${typeName}Input${isNeeded ? '' : ' = {}'}, `;
  const words = commentText(summary);
  return `
  /** ${method} ${commentText(path)}${words === '' ? '' : `: ${words}`} */
  ${name}(${takesInput(operation) ? input : ''}options: CallOptions = {}): Promise<types.${typeName}Answer> {
    return call(this.#http, operations.${name}Operation, ${takesInput(operation) ? 'input' : '{}'}, options);
  }
`;
}
