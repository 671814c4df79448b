import fs from 'node:fs';
import { z } from 'zod';

/** A file of certificates in PEM, as its text. */
const pemFile = z.string().transform((file, context) => {
  const text = readText(file);
  if (text?.includes('BEGIN CERTIFICATE')) return text;
  context.addIssue('must name a readable file of certificates in PEM');
  return z.NEVER;
});

/** The variables that say whether the server must show a certificate, and who may have signed it. */
export const tlsVariables = {
  DATABASE_TLS: z.stringbool().default(false),
  DATABASE_TLS_CA_FILE: pemFile.optional(),
};

/** Drivers obey what a URL says of TLS, and then neither variable is. */
const tlsParameter = /[?&](ssl|tls)\w*=/i;

/** Whether a URL leaves it to the variables whether and how there is TLS. */
export function leavesTlsAlone(url: string): boolean {
  return !tlsParameter.test(url);
}

/** The error of one that does not. */
export const tlsInUrl = 'must say nothing about TLS: DATABASE_TLS and DATABASE_TLS_CA_FILE do';

/** What the drivers want to know of TLS, or `undefined` when there is to be none. */
export function tlsOptions(
  wanted: boolean,
  ca: string | undefined,
): { readonly ca?: string } | undefined {
  if (!wanted) return undefined;
  return ca === undefined ? {} : { ca };
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
