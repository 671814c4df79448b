import { z } from 'zod';
import { pemFile, type TlsFiles, tlsFiles } from '../credentials/index.ts';

/** The variables that say whether the server must show a certificate, who may have signed it, and the service's own. */
export const tlsVariables = {
  DATABASE_TLS: z.stringbool().default(false),
  DATABASE_TLS_CA_FILE: pemFile('CERTIFICATE').optional(),
  DATABASE_TLS_CERT_FILE: pemFile('CERTIFICATE').optional(),
  DATABASE_TLS_KEY_FILE: pemFile('PRIVATE KEY').optional(),
};

/** Drivers obey what a URL says of TLS, and then neither variable is. */
const tlsParameter = /[?&](ssl|tls)\w*=/i;

/** Whether a URL leaves it to the variables whether and how there is TLS. */
export function leavesTlsAlone(url: string): boolean {
  return !tlsParameter.test(url);
}

/** The error of one that does not. */
export const tlsInUrl = 'must say nothing about TLS: DATABASE_TLS and DATABASE_TLS_* do';

/** What is said of TLS, by the names of its variables. */
export interface TlsEnvironment {
  readonly DATABASE_TLS: boolean;
  readonly DATABASE_TLS_CA_FILE?: string | undefined;
  readonly DATABASE_TLS_CERT_FILE?: string | undefined;
  readonly DATABASE_TLS_KEY_FILE?: string | undefined;
}

/** What the drivers want to know of TLS, or `undefined` when there is to be none. */
export function tlsOptions(
  { DATABASE_TLS: wanted, ...environment }: TlsEnvironment,
  context: z.core.$RefinementCtx,
): TlsFiles | undefined {
  const files = {
    ca: environment.DATABASE_TLS_CA_FILE,
    cert: environment.DATABASE_TLS_CERT_FILE,
    key: environment.DATABASE_TLS_KEY_FILE,
  };
  const names = { cert: 'DATABASE_TLS_CERT_FILE', key: 'DATABASE_TLS_KEY_FILE' };
  const options = tlsFiles(files, names, context);
  if (wanted) return options;
  if (Object.keys(options).length > 0) {
    const message =
      'must be true where DATABASE_TLS_* name files: without, all would travel in plain text';
    context.addIssue({ code: 'custom', path: ['DATABASE_TLS'], message });
  }
  return undefined;
}
