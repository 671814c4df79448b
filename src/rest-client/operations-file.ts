import type { Definitions, Schema } from '../../templates/add-client/development/openapi/schema.ts';
import { reachedFrom, referencesIn } from './definitions.ts';
import type { NamedOperation } from './named-operation.ts';
import { schemaText } from './schema-text.ts';
import { generatedHeader, literal, valueText } from './source-text.ts';

/** The file of what the operations are, with the schemas that their answers are checked against. */
export function operationsFile(
  operations: readonly NamedOperation[],
  received: Definitions,
  basePath: string,
): string {
  const answers = operations.flatMap(({ operation }) => operation.answers);
  const schemas = answers.flatMap(({ schema }) => schema ?? []);
  const definitions = definitionTexts(reachedFrom(schemas, received), received);
  const texts = operations.map((named) => operationText(named, basePath));
  const imported = [
    'type ApiOperation',
    ...(answers.some(({ status }) => status !== undefined) ? ['answer'] : []),
    ...(answers.some(({ status }) => status === undefined) ? ['anyAnswer'] : []),
    ...(schemas.length < answers.length ? ['noBody'] : []),
  ];
  return `${generatedHeader}${schemas.length > 0 ? "import { z } from 'zod';\n" : ''}import { ${imported.join(', ')} } from '../api-client.ts';
import type * as types from './types.ts';

${[...definitions, ...texts].join('\n')}`;
}

/** Each after those that it refers to; what refers to itself does so when it is used. */
function definitionTexts(names: readonly string[], received: Definitions): readonly string[] {
  const texts: string[] = [];
  const begun = new Set<string>();
  const done = new Set<string>();
  const add = (name: string): void => {
    if (begun.has(name)) return;
    begun.add(name);
    const schema = received[name] ?? {};
    for (const next of referencesIn(schema)) add(next);
    const text = schemaText(schema, (other) =>
      done.has(other) ? constantOf(other) : `z.lazy(() => ${constantOf(other)})`,
    );
    texts.push(`const ${constantOf(name)}: z.ZodType<types.${name}> = ${text};\n`);
    done.add(name);
  };
  for (const name of names) add(name);
  return texts;
}

function constantOf(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}Schema`;
}

function operationText({ name, typeName, operation }: NamedOperation, basePath: string): string {
  const { method, path, parameters, body } = operation;
  const joined = parameters.filter((each) => each.joined).map((each) => each.name);
  const hasKey = parameters.some((each) => each.in === 'header' && each.name === 'idempotency-key');
  const contentType = body?.contentType.split(';')[0]?.trim().toLowerCase();
  const answers = operation.answers.map(({ status, schema }) => {
    const text = schema === undefined ? 'noBody' : bodyText(schema);
    return status === undefined ? `anyAnswer(${text})` : `answer(${status}, ${text})`;
  });
  const lines = [
    `method: '${method}',`,
    `path: ${literal(basePath + path)},`,
    ...(contentType === undefined || contentType === 'application/json'
      ? []
      : [`contentType: ${literal(contentType)},`]),
    ...(joined.length === 0 ? [] : [`joined: ${valueText(joined)},`]),
    ...(hasKey ? ['hasIdempotencyKey: true,'] : []),
    `answers: [${answers.join(', ')}],`,
  ];
  return `export const ${name}Operation: ApiOperation<types.${typeName}Answer> = {
${lines.map((line) => `  ${line}\n`).join('')}};
`;
}

function bodyText(schema: Schema): string {
  return schemaText(schema, constantOf, '  ');
}
