import {
  type Api,
  basePathOf,
  type Operation,
  type Parameter,
  readApi,
} from '../../development/openapi/document.ts';
import { TypeNames } from '../../development/openapi/names.ts';
import { answerBreaks, requestBreaks } from './exchange-breaks.ts';

/** An operation of which one side knows, and what its schemas refer to. */
interface Side {
  readonly api: Api;
  /** What tells an operation from others: names of parameters do not matter. */
  readonly keyOf: (operation: Operation) => string;
}

/**
 * Says what of a recorded API would fail now, a sentence each: what is sent must still be taken, and
 * what is answered still be what it was. What is new there is no matter.
 */
export function apiBreaks(recorded: unknown, current: unknown): string[] {
  const [then, now] = [sideOf(recorded), sideOf(current)];
  return then.api.operations.flatMap((operation) => {
    const key = then.keyOf(operation);
    const what = `${operation.method} ${operation.path}`;
    const found = now.api.operations.find((each) => now.keyOf(each) === key);
    if (found === undefined) return [`${what} ${whyGone(operation, now.api)}`];
    const breaks = [
      ...parameterBreaks(operation, found, then.api, now.api),
      ...bodyBreaks(operation, found, then.api, now.api),
      ...answersBreaks(operation, found, then.api, now.api),
    ];
    return breaks.map((reason) => `${what}: ${reason}`);
  });
}

function sideOf(document: unknown): Side {
  const base = basePathOf(document);
  const keyOf = ({ method, path }: Operation): string =>
    `${method} ${base}${path.replace(/\{[^{}/]+\}/g, '{}')}`;
  return { api: readApi(document, new TypeNames().of), keyOf };
}

function whyGone({ method, path }: Operation, { leftOut }: Api): string {
  const out = leftOut.find(({ operation }) => operation === `${method} ${path}`);
  return out === undefined ? 'is gone' : `cannot be called any more: ${out.reason}`;
}

/** Parameters of a path by their place in it, all others by their name. */
function keyed({ path, parameters }: Operation): Map<string, Parameter> {
  const places = [...path.matchAll(/\{([^{}/]+)\}/g)].map(([, name]) => name);
  return new Map(
    parameters.map((each) => [
      each.in === 'path' ? `path ${places.indexOf(each.name)}` : `${each.in} ${each.name}`,
      each,
    ]),
  );
}

function parameterBreaks(then: Operation, now: Operation, thenApi: Api, nowApi: Api): string[] {
  const [known, found] = [keyed(then), keyed(now)];
  const changed = [...found].flatMap(([key, parameter]) => {
    const former = known.get(key);
    const what = `${parameter.in} parameter ${parameter.name}`;
    if (parameter.required && former?.required !== true) return [`${what} is required now`];
    if (former === undefined) return [];
    if (former.joined !== parameter.joined) return [`${what} is written otherwise now`];
    const needed = { schema: parameter.schema, definitions: nowApi.sent };
    return requestBreaks(needed, { schema: former.schema, definitions: thenApi.sent }, what);
  });
  const gone = [...known].filter(([key]) => !found.has(key));
  return [...changed, ...gone.map(([, each]) => `${each.in} parameter ${each.name} is gone`)];
}

function bodyBreaks(then: Operation, now: Operation, thenApi: Api, nowApi: Api): string[] {
  const [former, body] = [then.body, now.body];
  if (body === undefined) return former === undefined ? [] : ['takes no body any more'];
  if (body.required && former?.required !== true) return ['a body is required now'];
  if (former === undefined) return [];
  if (former.contentType !== body.contentType) return [`takes ${body.contentType} now`];
  return requestBreaks(
    { schema: body.schema, definitions: nowApi.sent },
    { schema: former.schema, definitions: thenApi.sent },
    'body',
  );
}

function answersBreaks(then: Operation, now: Operation, thenApi: Api, nowApi: Api): string[] {
  return now.answers.flatMap(({ status, schema }) => {
    const any = then.answers.find((each) => each.status === undefined);
    const former = then.answers.find((each) => each.status === status) ?? any;
    if (former === undefined)
      return [`may be answered with ${status ?? 'any status'}, which is not known here`];
    if (former.schema === undefined) return [];
    if (schema === undefined) return ['has no body in its answer any more'];
    return answerBreaks(
      { schema: former.schema, definitions: thenApi.received },
      { schema, definitions: nowApi.received },
    );
  });
}
