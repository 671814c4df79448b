import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

/** Another service whose API this one calls: an entry of `contracts` in `service.json`. */
export interface ClientContract {
  readonly client: string;
  /** Where its document is now: its folder or a file, from this service's own folder, or a URL. */
  readonly provider: string;
  /** The file with what was recorded of it. */
  readonly document: string;
}

/** Tells the contracts about APIs from those about events. */
export function isClientContract(recorded: unknown): recorded is ClientContract {
  return (
    typeof recorded === 'object' &&
    recorded !== null &&
    ['client', 'provider', 'document'].every((key) => key in recorded)
  );
}

/** What a provider says of its API now. */
export type Now =
  | { readonly is: 'known'; readonly document: unknown }
  | { readonly is: 'gone'; readonly reason: string }
  | { readonly is: 'away'; readonly reason: string };

const script = 'scripts/openapi.ts';
const largest = 5_242_880;
const timeout = 10_000;

/** Asks the provider's own code, its file or its address for the document. */
export async function currentDocument(provider: string): Promise<Now> {
  if (/^https?:/.test(provider)) return fetched(provider);
  const place = path.resolve(import.meta.dirname, '../..', provider);
  if (!existsSync(place)) return { is: 'away', reason: `${provider} is not here` };
  if (!statSync(place).isDirectory())
    return { is: 'known', document: parse(await readFile(place, 'utf8')) };
  if (!existsSync(path.join(place, script)))
    return { is: 'gone', reason: `${provider}/${script} is not there any more` };
  try {
    const options = { cwd: place, timeout, maxBuffer: largest };
    const { stdout } = await promisify(execFile)(process.execPath, [script], options);
    return { is: 'known', document: JSON.parse(stdout) };
  } catch (error) {
    if (!/ERR_MODULE_NOT_FOUND|Cannot find package/.test(String(error))) throw error;
    return { is: 'away', reason: `the dependencies of ${provider} are not installed` };
  }
}

/** From the address that was recorded, and no other. */
async function fetched(url: string): Promise<Now> {
  const answer = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  }).catch((error: unknown) => String(error));
  if (typeof answer === 'string')
    return { is: 'away', reason: `${url} does not answer: ${answer}` };
  const { status } = answer;
  if (status === 404 || status === 410) return { is: 'gone', reason: `it is not there any more` };
  if (!answer.ok) return { is: 'away', reason: `${url} was answered with ${status}` };
  return { is: 'known', document: parse(await answer.text()) };
}
