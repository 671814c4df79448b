import { NamedError } from '../../copies/index.ts';
import type { PartResult } from './part.ts';

type Missing = Extract<PartResult, { came: false }>;

/** What a caller can do something about is told as the service said it. */
const forTheCaller = new Set([401, 403, 404, 410]);

/**
 * A part without which there is no answer has not come: 503 when it may come in a moment, as the service
 * is not called or too slow, 502 when it gives no answer that can be used, and what the service says of
 * the caller's own request.
 */
export class MissingPartError extends NamedError {
  override readonly name = 'MissingPartError';
  readonly statusCode: number;
  readonly retryAfterMs: number | undefined;

  constructor(part: string, { reason, status, error }: Missing) {
    super(`The part "${part}" is missing: ${reason}.`, { cause: error });
    const why = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
    const isForNow = reason === 'timeout' || why === 503 || status === 503;
    const isCallers = status !== undefined && forTheCaller.has(status);
    this.statusCode = isCallers ? status : isForNow ? 503 : 502;
    this.retryAfterMs =
      error instanceof Error && 'retryAfterMs' in error && typeof error.retryAfterMs === 'number'
        ? error.retryAfterMs
        : undefined;
  }
}
