import fs from 'node:fs';
import { z } from 'zod';

/** How the bus and this service know each other, in PEM; without an authority, those that Node knows. */
export interface BusTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A file in PEM, as its text. */
function pemFile(kind: 'CERTIFICATE' | 'PRIVATE KEY') {
  return z.string().transform((file, context) => {
    const text = readText(file);
    if (text?.includes(`${kind}-----`)) return text;
    context.addIssue(`must name a readable file with a ${kind.toLowerCase()} in PEM`);
    return z.NEVER;
  });
}

/** The variables that each bus reads for its TLS. */
export const tlsVariables = {
  EVENTS_TLS_CA_FILE: pemFile('CERTIFICATE').optional(),
  EVENTS_TLS_CERT_FILE: pemFile('CERTIFICATE').optional(),
  EVENTS_TLS_KEY_FILE: pemFile('PRIVATE KEY').optional(),
};

/** What clients want to know, by the names that `node:tls` has for it. */
export function tlsFrom(environment: {
  readonly EVENTS_TLS_CA_FILE?: string | undefined;
  readonly EVENTS_TLS_CERT_FILE?: string | undefined;
  readonly EVENTS_TLS_KEY_FILE?: string | undefined;
}): BusTls {
  const {
    EVENTS_TLS_CA_FILE: ca,
    EVENTS_TLS_CERT_FILE: cert,
    EVENTS_TLS_KEY_FILE: key,
  } = environment;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
