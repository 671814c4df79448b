import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Dispatcher } from 'undici';
import { bodyOf, decoded, SkippedError, type Tap } from './body.ts';
import type { Answer } from './compare.ts';
import type { ShadowLimits } from './config.ts';

/** An answer without its body. */
interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Asks, and reads the answer to its end, within the limits.
 *
 * @throws SkippedError when its body is not to be compared, or what asking throws.
 */
export async function receivedAnswer(
  ask: () => Promise<Dispatcher.ResponseData>,
  { largestBody, timeout }: ShadowLimits,
): Promise<Answer> {
  const { statusCode: status, headers, body } = await ask();
  const timer = setTimeout(() => body.destroy(), timeout);
  try {
    return await answerOf({ status, headers }, await bodyOf(body, largestBody), largestBody);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer that goes to a caller through a tap, once it has gone. @throws SkippedError */
export async function sentAnswer(head: Head, tap: Tap, response: ServerResponse): Promise<Answer> {
  response.once('close', () => tap.destroy());
  try {
    await finished(tap);
  } catch {
    throw new SkippedError('skipped_aborted');
  }
  return answerOf(head, tap.body(), tap.largest);
}

async function answerOf({ status, headers }: Head, raw: Buffer, largest: number): Promise<Answer> {
  const encoding = textOf(headers['content-encoding']);
  const body = await decoded(raw, encoding, largest);
  return { status, contentType: textOf(headers['content-type']), body };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
