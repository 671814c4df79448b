import type { Parameter } from '../../templates/add-client/development/openapi/document.ts';
import { reachedFrom, type SharedDefinitions } from './definitions.ts';
import type { NamedOperation } from './named-operation.ts';
import { generatedHeader, keyText } from './source-text.ts';
import { typeText } from './type-text.ts';

/** The file of the types of what is sent and received. */
export function typesFile(
  operations: readonly NamedOperation[],
  { sent, received, asSent }: SharedDefinitions,
): string {
  const requests = operations.flatMap(({ operation: { parameters, body } }) =>
    [...parameters, ...(body ? [body] : [])].map(({ schema }) => asSent(schema)),
  );
  const answers = operations.flatMap(({ operation }) =>
    operation.answers.flatMap(({ schema }) => schema ?? []),
  );
  const used = {
    ...pick(sent, reachedFrom(requests, sent)),
    ...pick(received, reachedFrom(answers, received)),
  };
  const named = Object.keys(used)
    .sort()
    .map((name) => `export type ${name} = ${typeText(used[name] ?? {})};\n`);
  const own = operations.map((operation) => inputText(operation, asSent) + answerText(operation));
  return `${generatedHeader}import type { ApiAnswer } from '../api-client.ts';\n\n${[...named, ...own].join('\n')}`;
}

function pick<T>(values: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function inputText(
  { typeName, operation: { parameters, body } }: NamedOperation,
  asSent: SharedDefinitions['asSent'],
): string {
  const lines = (['path', 'query', 'header'] as const).flatMap((place) => {
    const group = parameters.filter((each) => each.in === place);
    if (group.length === 0) return [];
    const isNeeded = group.some(({ required }) => required);
    const key = place === 'header' ? 'headers' : place;
    const inside = group.map((each) => parameterText(each, asSent));
    return `  ${key}${isNeeded ? ':' : '?:'} {\n${inside.join('')}  };\n`;
  });
  if (body !== undefined) {
    const type = typeText(asSent(body.schema), '  ');
    lines.push(body.required ? `  body: ${type};\n` : `  body?: ${type} | undefined;\n`);
  }
  return lines.length === 0 ? '' : `export type ${typeName}Input = {\n${lines.join('')}};\n\n`;
}

function parameterText(
  { name, required, schema }: Parameter,
  asSent: SharedDefinitions['asSent'],
): string {
  const type = typeText(asSent(schema), '    ');
  return `    ${keyText(name)}${required ? `: ${type}` : `?: ${type} | undefined`};\n`;
}

function answerText({ typeName, operation }: NamedOperation): string {
  const texts = operation.answers.map(({ status, schema }) => {
    const body = schema === undefined ? 'undefined' : typeText(schema);
    return `ApiAnswer<${status ?? 'number'}, ${body}>`;
  });
  return `export type ${typeName}Answer = ${texts.join(' | ')};\n`;
}
