import { HttpError, problemSchema } from 'service-chassis/http';
import type { ZodType } from 'zod';
import { representationSchema } from './schemas.ts';

/** For the document: a header of an answer, as JSON Schema. */
type Headers = Readonly<Record<string, { readonly type: 'string'; readonly description: string }>>;

const entityTag: Headers = {
  ETag: { type: 'string', description: 'Strong entity tag of what is shown, for `If-Match`' },
};

/** An answer with a JSON body, and the headers that it has beyond the usual. */
export function json<T extends ZodType>(description: string, schema: T, headers: Headers = {}) {
  return { description, headers, content: { 'application/json': { schema } } };
}

/** An answer that shows one, with its entity tag. */
export function shows(description: string, headers: Headers = {}) {
  return json(description, representationSchema, { ...entityTag, ...headers });
}

const refusals = {
  400: 'The request is not valid',
  404: 'There is none with that id',
  409: 'Another write came in between; read again',
  412: 'It is not what the precondition names; read again',
  422: 'The `Idempotency-Key` was used for another request',
  428: '`If-Match` is missing',
} as const;

type Refusal = keyof typeof refusals;

function problem(description: string) {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}

/** The error answers of a route: those refusals, and what can happen to any request. */
export function problems(...statuses: readonly Refusal[]) {
  const refused = statuses.map((status) => [status, problem(refusals[status])] as const);
  return {
    ...Object.fromEntries(refused),
    '4xx': problem('Refused'),
    '5xx': problem('Failed'),
  };
}

/** What a route throws when there is none with that id. */
export function notFound(id: string): HttpError {
  return new HttpError(404, `There is none with id ${id}.`);
}
