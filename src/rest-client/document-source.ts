import type { Verdict } from '../answers/verdict.ts';

/** Where a document is got: a web address, or a path of the file or of the service that has it. */
export type DocumentSource =
  | { readonly is: 'url'; readonly url: URL }
  | { readonly is: 'path'; readonly path: string };

const longest = 2000;

/** What a person's text means. */
export function documentSourceOf(text: string): DocumentSource {
  return isAddress(text) ? { is: 'url', url: new URL(text) } : { is: 'path', path: text };
}

/** Checks the text that says where a document is; whether it is there is found out later. */
export function checkDocumentSource(text: string): Verdict {
  if (text.trim() === '') return { ok: false, reason: 'is empty' };
  if (text.length > longest) return { ok: false, reason: `is longer than ${longest} characters` };
  if (/[\p{Cc}\p{Cf}]/u.test(text))
    return { ok: false, reason: 'has characters that are not seen' };
  if (!isAddress(text)) return { ok: true, value: text };
  if (!URL.canParse(text)) return { ok: false, reason: 'is no URL' };
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:')
    return { ok: false, reason: 'is neither http nor https, nor the path of a file' };
  if (username !== '' || password !== '')
    return {
      ok: false,
      reason: 'holds credentials, which would be recorded: download it and give the file',
    };
  return { ok: true, value: text };
}

/** `C:\…` is a path. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text);
}
