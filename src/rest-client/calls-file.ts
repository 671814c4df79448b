import type { Api, Operation } from '../../templates/add-client/development/openapi/document.ts';
import { exampleOf } from '../../templates/add-client/development/openapi/example.ts';
import { exampleInput } from '../../templates/add-client/development/openapi/requests.ts';
import {
  type Definitions,
  resolved,
  type Schema,
} from '../../templates/add-client/development/openapi/schema.ts';
import type { ClientNames } from '../answers/client-names.ts';
import type { NamedOperation } from './named-operation.ts';
import { generatedHeader, literal, valueText } from './source-text.ts';

/**
 * The file that calls each operation with an example, for the client's tests; `undefined` when there
 * is none of which an example can be made.
 */
export function callsFile(
  { key, type, stem }: ClientNames,
  operations: readonly NamedOperation[],
  api: Api,
): string | undefined {
  const calls = operations.flatMap((named) => callText(named, api) ?? []);
  if (calls.length === 0) return undefined;
  return `${generatedHeader}import type { ${type} } from '../../src/clients/${stem}/client.ts';
import type { CallOptions } from 'service-chassis/clients';

interface Call {
  readonly name: string;
  run(client: ${type}, options?: CallOptions): Promise<{ readonly status: number }>;
  /** An answer that the document does not allow. */
  readonly wrong?: { readonly status: number; readonly body: unknown };
}

/** Each operation with an example of what it takes. */
export const ${key}Calls: readonly [Call, ...Call[]] = [
${calls.join('')}];
`;
}

function callText({ name, operation }: NamedOperation, api: Api): string | undefined {
  const input = exampleInput(operation, api.sent);
  const [answer] = operation.answers;
  const hasAnswer =
    answer?.schema === undefined || exampleOf(answer.schema, api.received) !== undefined;
  if (input === undefined || !hasAnswer) return undefined;
  const args = takesInput(operation) ? `${valueText(input)}, options` : 'options';
  const wrong = wrongAnswer(operation, api.received);
  return `  {
    name: ${literal(name)},
    run: (client, options) => client.${name}(${args}),
${wrong === undefined ? '' : `    wrong: ${valueText(wrong)},\n`}  },
`;
}

/** Whether an operation is given anything. */
export function takesInput({ parameters, body }: Operation): boolean {
  return parameters.length > 0 || body !== undefined;
}

function wrongAnswer({ answers }: Operation, definitions: Definitions) {
  for (const { status = 200, schema } of answers) {
    if (schema === undefined) continue;
    const kinds = kindsOf(schema, definitions);
    for (const body of ['nonsense', 1, false, null, []]) {
      const kind = Array.isArray(body) ? 'array' : body === null ? 'null' : typeof body;
      if (!kinds.has(kind) && !kinds.has('any')) return { status, body };
    }
  }
  return undefined;
}

/** The kinds of datum that a schema allows. */
function kindsOf(schema: Schema, definitions: Definitions): Set<string> {
  const { anyOf, enum: values, type } = resolved(schema, definitions);
  if (anyOf !== undefined) return new Set(anyOf.flatMap((each) => [...kindsOf(each, definitions)]));
  if (values !== undefined)
    return new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  return new Set([type === 'integer' ? 'number' : (type ?? 'any')]);
}
