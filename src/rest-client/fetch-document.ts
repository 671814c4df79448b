import { quoted } from '../answers/parse.ts';
import { BadInputError, CreateServiceError, reasonOf } from '../base/errors.ts';
import { largestDocument, tooLarge } from './parse-document.ts';

const timeoutMs = 10_000;

/**
 * Fetches a document. No redirect is followed: the address that is given is the one that is recorded.
 *
 * @throws CreateServiceError when it cannot be had, with the reason.
 */
export async function fetchDocument(url: URL): Promise<string> {
  const where = quoted(url.href);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const headers = { accept: 'application/json, application/yaml;q=0.9, */*;q=0.1' };
    const answer = await fetch(url, { redirect: 'manual', signal, headers });
    if (answer.status >= 300 && answer.status < 400) throw redirected(answer, url);
    if (!answer.ok) throw unavailable(where, `it was answered with ${answer.status}`);
    return await textOf(answer, where);
  } catch (error) {
    if (error instanceof CreateServiceError) throw error;
    if (signal.aborted) throw unavailable(where, `it did not come within ${timeoutMs / 1000} s`);
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw unavailable(where, reasonOf(cause));
  }
}

async function textOf(answer: Response, where: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Not `for await` over the body: its type has no iterator everywhere.
  const reader = answer.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > largestDocument) {
      await reader?.cancel();
      throw tooLarge(where);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function redirected(answer: Response, url: URL): BadInputError {
  const location = answer.headers.get('location') ?? '';
  const target = URL.canParse(location, url.href) ? new URL(location, url).href : '';
  return new BadInputError(
    `${quoted(url.href)} leads elsewhere, which is not followed.`,
    target === '' ? undefined : `--openapi ${target}`,
  );
}

function unavailable(where: string, reason: string): CreateServiceError {
  return new CreateServiceError('DOCUMENT_UNAVAILABLE', `${where} cannot be had: ${reason}.`, {
    hint: 'give a file to --openapi',
  });
}
