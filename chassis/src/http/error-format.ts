import { STATUS_CODES } from 'node:http';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { ZodType } from 'zod';
import { type Problem, problemOf, problemSchema } from './problem.ts';
import type { StatingError } from './stated-failure.ts';

/** An error, as far as its status: what a body is made of. */
export interface ErrorAnswer {
  readonly status: number;
  /** For the caller; of an error of the service itself (5xx) only that it happened. */
  readonly detail: string;
  /** As the answer's header `x-request-id` and the service's log have it. */
  readonly requestId: string;
  /** What was thrown. What it says of itself is not for callers where the status is 5xx. */
  readonly error: StatingError;
}

/** In which form a service answers errors, all of them: problem details, or a team's own. */
export interface ErrorFormat<Body = unknown> {
  /** Such as `application/json`. */
  readonly contentType: string;
  /** Of the body, for the OpenAPI document. */
  readonly schema: ZodType<Body>;
  /**
   * Returns the body, which is sent as JSON. It must not throw; if it does, the answer is problem details.
   *
   * @param request is missing when what came was no HTTP.
   */
  bodyOf(answer: ErrorAnswer, request?: FastifyRequest): Body;
}

/** RFC 9457, Problem Details for HTTP APIs. */
export const problemDetails: ErrorFormat<Problem> = {
  contentType: 'application/problem+json',
  schema: problemSchema,
  bodyOf: ({ status, detail }) => problemOf(status, detail),
};

/** An error that is to be answered, and to what. */
interface Unanswered extends Omit<ErrorAnswer, 'detail'> {
  readonly request?: FastifyRequest;
  readonly log: FastifyBaseLogger;
}

/** A body, which is JSON, and its media type. */
interface Written {
  readonly contentType: string;
  readonly body: unknown;
}

/** Returns the body of an error's answer, and of what type it is. */
export function errorBody(
  format: ErrorFormat = problemDetails,
  { request, log, ...error }: Unanswered,
): Written {
  const answer = { ...error, detail: detailOf(error) };
  try {
    return written(format, answer, request);
  } catch (err) {
    log.error({ err }, 'the format of errors failed');
    return written(problemDetails, answer);
  }
}

function written(format: ErrorFormat, answer: ErrorAnswer, request?: FastifyRequest): Written {
  return { contentType: format.contentType, body: format.bodyOf(answer, request) };
}

function detailOf({ status, error }: Pick<ErrorAnswer, 'status' | 'error'>): string {
  return status >= 500 ? (STATUS_CODES[status] ?? 'Error') : error.message;
}
