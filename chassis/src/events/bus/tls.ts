import type { z } from 'zod';
import { pemFile, type TlsFiles, tlsFiles } from '../../credentials/index.ts';

/** The variables that each bus reads for its TLS. */
export const tlsVariables = {
  EVENTS_TLS_CA_FILE: pemFile('CERTIFICATE').optional(),
  EVENTS_TLS_CERT_FILE: pemFile('CERTIFICATE').optional(),
  EVENTS_TLS_KEY_FILE: pemFile('PRIVATE KEY').optional(),
};

/** What clients want to know, by the names that `node:tls` has for it. */
export function tlsFrom(
  environment: {
    readonly EVENTS_TLS_CA_FILE?: string | undefined;
    readonly EVENTS_TLS_CERT_FILE?: string | undefined;
    readonly EVENTS_TLS_KEY_FILE?: string | undefined;
  },
  context: z.core.$RefinementCtx,
): TlsFiles {
  const files = {
    ca: environment.EVENTS_TLS_CA_FILE,
    cert: environment.EVENTS_TLS_CERT_FILE,
    key: environment.EVENTS_TLS_KEY_FILE,
  };
  return tlsFiles(files, { cert: 'EVENTS_TLS_CERT_FILE', key: 'EVENTS_TLS_KEY_FILE' }, context);
}
