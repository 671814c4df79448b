import type { FastifySchema } from 'fastify';
import type { ZodType } from 'zod';
import { type ErrorFormat, HttpError, problemDetails } from '../http/index.ts';

/** For the document: headers of an answer by their names, as JSON Schema. */
export type AnswerHeaders = Readonly<
  Record<string, { readonly type: 'string'; readonly description: string }>
>;

const entityTag: AnswerHeaders = {
  ETag: { type: 'string', description: 'Strong entity tag of what is shown, for `If-Match`' },
};

/** An answer with a JSON body, and the headers that it has beyond the usual. */
export function json<T extends ZodType>(
  description: string,
  schema: T,
  headers: AnswerHeaders = {},
) {
  return { description, headers, content: { 'application/json': { schema } } };
}

/** The same of what has an entity tag: its header `ETag` is documented too. */
export function jsonWithEntityTag<T extends ZodType>(
  description: string,
  schema: T,
  headers: AnswerHeaders = {},
) {
  return json(description, schema, { ...entityTag, ...headers });
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

/** An error answer for the document. @param format as problem details, unless the application has its own. */
function problem(description: string, { contentType, schema }: ErrorFormat = problemDetails) {
  return { description, content: { [contentType]: { schema } } };
}

/**
 * The error answers of a route: those refusals, and what can happen to any request. The document shows
 * them in the form in which the service answers errors (`errorFormat` of its settings).
 */
export function problems(...statuses: readonly Refusal[]) {
  const refused = statuses.map((status) => [status, problem(refusals[status])] as const);
  return {
    ...Object.fromEntries(refused),
    '4xx': problem('Refused'),
    '5xx': problem('Failed'),
  };
}

/** The schemas of a route, its error answers in that form. */
export function withErrorsIn(
  format: ErrorFormat | undefined,
  schema: FastifySchema,
): FastifySchema {
  if (typeof schema?.response !== 'object' || schema.response === null) return schema;
  const answers = Object.entries(schema.response).map(([status, answer]) => [
    status,
    isProblem(answer) ? problem(answer.description, format) : answer,
  ]);
  return { ...schema, response: Object.fromEntries(answers) };
}

function isProblem(answer: unknown): answer is ReturnType<typeof problem> {
  const media = property(property(answer, 'content'), problemDetails.contentType);
  return property(media, 'schema') === problemDetails.schema;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** What a route throws when there is none with that id. */
export function notFound(id: string): HttpError {
  return new HttpError(404, `There is none with id ${id}.`);
}
