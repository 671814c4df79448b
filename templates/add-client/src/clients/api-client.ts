import { randomUUID } from 'node:crypto';
import type { CallOptions, HttpAnswer, HttpClient, Method } from 'service-chassis/clients';
import { z } from 'zod';
import { InvalidAnswerError } from './invalid-answer-error.ts';
import { pathOf, type Plain, queryOf } from './request-path.ts';

/** What a call is given: the parameters by where they go, and the body. */
export interface ApiInput {
  readonly path?: Readonly<Record<string, Plain>>;
  readonly query?: Readonly<Record<string, Plain | readonly Plain[] | undefined>>;
  readonly headers?: Readonly<Record<string, Plain | undefined>>;
  readonly body?: unknown;
}

/** An answer of success, checked against what the API's document says of it. */
export interface ApiAnswer<Status extends number, Body> {
  readonly status: Status;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** How answers of one status are read. */
interface AnswerReader<Answer> {
  /** Without one: those of any. */
  readonly status?: number;
  /** @throws ZodError when the body is not what it should be. */
  read(answer: HttpAnswer): Answer;
}

/** One operation of another service's API, as its document describes it. */
export interface ApiOperation<Answer> {
  readonly method: Method;
  /** With its parameters in braces. */
  readonly path: string;
  /** Of the body, where that is not plain JSON. */
  readonly contentType?: string;
  /** Names of query parameters whose lists are written with commas. */
  readonly joined?: readonly string[];
  /** It may be asked again under one `Idempotency-Key`; where the caller gives none, each call has its own. */
  readonly hasIdempotencyKey?: boolean;
  readonly answers: readonly AnswerReader<Answer>[];
}

/** Answers of one status. */
export function answer<Status extends number, Body>(
  status: Status,
  schema: z.ZodType<Body>,
): AnswerReader<ApiAnswer<Status, Body>> {
  return {
    status,
    read: ({ headers, body }) => ({ status, headers, body: schema.parse(body) }),
  };
}

/** Answers of any status from 200 to 299 that has none of its own. */
export function anyAnswer<Body>(schema: z.ZodType<Body>): AnswerReader<ApiAnswer<number, Body>> {
  return { read: ({ body, ...rest }) => ({ ...rest, body: schema.parse(body) }) };
}

/** Stands for the body of an answer that has none. */
export const noBody: z.ZodType<undefined> = z.unknown().transform(() => undefined);

/**
 * Calls an operation, behind the policy of the client.
 *
 * @throws UpstreamError for an answer that is no success, InvalidAnswerError for one that is not what
 *   the document says, and what the policy throws.
 */
export async function call<Answer>(
  http: HttpClient,
  operation: ApiOperation<Answer>,
  input: ApiInput,
  options: CallOptions = {},
): Promise<Answer> {
  const { method, path, joined, answers } = operation;
  const target = pathOf(path, input.path ?? {}) + queryOf(input.query ?? {}, joined);
  const headers = headersOf(operation, input);
  const received = await http.send(method, target, { ...options, headers, body: input.body });
  const reader =
    answers.find(({ status }) => status === received.status) ??
    answers.find(({ status }) => status === undefined);
  if (reader === undefined) throw new InvalidAnswerError(operation, `status ${received.status}`);
  try {
    return reader.read(received);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new InvalidAnswerError(operation, z.prettifyError(error).split('\n', 10).join(' '));
  }
}

function headersOf<Answer>(
  { contentType, hasIdempotencyKey }: ApiOperation<Answer>,
  { headers = {}, body }: ApiInput,
): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return {
    ...(hasIdempotencyKey === true ? { 'idempotency-key': randomUUID() } : {}),
    ...(contentType === undefined || body === undefined ? {} : { 'content-type': contentType }),
    ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}
