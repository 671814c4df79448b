import type { FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import {
  type CallLimits,
  DeadlineExceededError,
  TimeoutError,
  withTimeout,
} from '../../resilience/index.ts';
import { requestHeaders } from '../forwarding/request-headers.ts';
import type { Upstream } from '../forwarding/upstream.ts';

/** Why a part is missing. */
type Reason = 'timeout' | 'unavailable' | 'not found' | 'refused' | 'not understood';

/** A part that came, or why it did not. */
export type PartResult =
  | { readonly came: true; readonly value: unknown }
  | {
      readonly came: false;
      readonly reason: Reason;
      /** What the service said, when it did. */
      readonly status?: number;
      readonly error?: unknown;
    };

/** Bytes. */
const largestPart = 1_048_576;
/** By when the body of an answer must be here once it has begun, in milliseconds. */
const bodyTimeout = 5000;

/** Of a caller's request, what is about the one document that it asks the gateway for. */
const ofWholeAnswer = /^(?:accept|accept-encoding|range|if-.*|content-.*)$/i;

/** Asks one service for its part, as JSON, in the caller's name. Throws nothing but what is a mistake here. */
export async function readPart(
  request: FastifyRequest,
  upstream: Upstream,
  path: string,
  limits: CallLimits,
): Promise<PartResult> {
  try {
    const headers = partHeaders(request);
    const asked = { method: 'GET', path, headers, body: null, safeToRepeat: true } as const;
    const answer = await upstream.send(asked, limits);
    return await withTimeout(
      bodyTimeout,
      async ({ signal }) => {
        signal.addEventListener('abort', () => answer.body.destroy());
        return partIn(answer);
      },
      limits.signal,
    );
  } catch (error) {
    const isLate = error instanceof TimeoutError || error instanceof DeadlineExceededError;
    return {
      came: false,
      reason: isLate || statusOf(error) === 504 ? 'timeout' : 'unavailable',
      error,
    };
  }
}

async function partIn(answer: Dispatcher.ResponseData): Promise<PartResult> {
  const status = answer.statusCode;
  if (status === 200) {
    const value = parsed(await textOf(answer.body));
    return value === undefined ? { came: false, reason: 'not understood' } : { came: true, value };
  }
  await answer.body.dump();
  if (status === 404 || status === 410) return { came: false, reason: 'not found', status };
  return { came: false, reason: status >= 500 ? 'unavailable' : 'refused', status };
}

/** The body, unless it is larger than anybody wants to read. */
async function textOf(body: AsyncIterable<Buffer>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestPart) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function partHeaders(request: FastifyRequest): string[] {
  const headers = requestHeaders(request);
  const kept = headers.filter(
    (_text, index) => !ofWholeAnswer.test(headers[index - (index % 2)] ?? ''),
  );
  return [...kept, 'accept', 'application/json'];
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'statusCode' in error
    ? error.statusCode
    : undefined;
}
