import type { Operation } from './document.ts';
import { exampleOf } from './example.ts';
import type { Definitions } from './schema.ts';

/** What a call of an operation is given: the parameters by where they are, and the body. */
export interface Input {
  readonly path?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly headers?: Record<string, unknown>;
  readonly body?: unknown;
}

/** The least that an operation can be called with; `undefined` when no example can be made. */
export function exampleInput(operation: Operation, sent: Definitions): Input | undefined {
  const groups = (['path', 'query', 'header'] as const).map((place) => {
    const needed = operation.parameters.filter((each) => each.in === place && each.required);
    const values = needed.map(({ name, schema }) => [name, exampleOf(schema, sent)] as const);
    return [place === 'header' ? 'headers' : place, Object.fromEntries(values)] as const;
  });
  const values = groups.flatMap(([, group]) => Object.values(group));
  const body = operation.body?.required ? exampleOf(operation.body.schema, sent) : null;
  if (body === undefined || values.includes(undefined) || values.includes('')) return undefined;
  return {
    ...Object.fromEntries(groups.filter(([, group]) => Object.keys(group).length > 0)),
    ...(operation.body?.required ? { body } : {}),
  };
}
