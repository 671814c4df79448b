import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { NamedError } from '../copies/index.ts';

/** The body of an error answer by RFC 9457, Problem Details for HTTP APIs. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
  })
  .meta({ id: 'ProblemDetails' });

export type Problem = z.infer<typeof problemSchema>;

/** An error that a route throws to answer with that status and explanation. */
export class HttpError extends NamedError {
  override readonly name = 'HttpError';
  readonly statusCode: number;

  constructor(statusCode: number, detail: string) {
    super(detail);
    this.statusCode = statusCode;
  }
}

/** Describes a failure to the caller. */
export function problemOf(status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
}
