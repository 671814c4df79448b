import fs from 'node:fs';
import { z } from 'zod';

/** How a server and this service know each other, in PEM; without an authority, those that Node knows. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Reads a variable that names a file in PEM, as the file's text. */
export function pemFile(kind: 'CERTIFICATE' | 'PRIVATE KEY') {
  return z.string().transform((file, context) => {
    const text = readText(file);
    if (text?.includes(`${kind}-----`)) return text;
    context.addIssue(`must name a readable file with a ${kind.toLowerCase()} in PEM`);
    return z.NEVER;
  });
}

/**
 * What clients want to know, by the names that `node:tls` has for it. A certificate of this service's own comes with
 * its key, or a server that asks for it would refuse every connection: the other is named as missing.
 *
 * @param variables the names of the two, as the error says them.
 */
export function tlsFiles(
  { ca, cert, key }: { readonly [File in keyof TlsFiles]: TlsFiles[File] | undefined },
  variables: { readonly cert: string; readonly key: string },
  context: z.core.$RefinementCtx,
): TlsFiles {
  if ((cert === undefined) !== (key === undefined)) {
    const [missing, given] =
      cert === undefined ? (['cert', 'key'] as const) : (['key', 'cert'] as const);
    const message = `must be set, as ${variables[given]} is`;
    context.addIssue({ code: 'custom', path: [variables[missing]], message });
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
