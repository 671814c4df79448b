import type { Dispatcher } from 'undici';
import { UnusableAnswerError, UpstreamError } from './upstream-error.ts';

/** An answer that says that the request succeeded. */
export interface HttpAnswer {
  readonly status: number;
  /** By their names in small letters; of one that comes several times, what they say together. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, `undefined` where there is no body. */
  readonly body: unknown;
}

/** Bytes; a body that goes on beyond is not read to its end. */
export const largestAnswer = 1_048_576;

/** Bytes of what an error says of itself. */
const largestProblem = 16_384;

/**
 * Reads an answer.
 *
 * @throws UpstreamError for a status of 300 and above, UnusableAnswerError for a body that is no JSON or a
 *   status that there is not.
 */
export async function answerOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  what: string,
): Promise<HttpAnswer> {
  const named = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const said: Readonly<Record<string, string>> = Object.fromEntries(named);
  if (statusCode < 200 || statusCode > 599) {
    await body.dump();
    throw new UnusableAnswerError(what, `status ${statusCode}`);
  }
  if (statusCode < 300) {
    return { status: statusCode, headers: said, body: parsed(await body.text(), what) };
  }
  const problem = await problemOf(body, said);
  throw new UpstreamError(what, statusCode, said['retry-after'], problem);
}

function parsed(text: string, what: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new UnusableAnswerError(what, 'no JSON');
  }
}

/** What an error says of itself, when that is JSON and not too much; it is never worth an error of its own. */
async function problemOf(
  body: Dispatcher.ResponseData['body'],
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) {
    await body.dump();
    return undefined;
  }
  try {
    return JSON.parse(await textUpTo(largestProblem, body));
  } catch {
    return undefined;
  }
}

async function textUpTo(limit: number, body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
