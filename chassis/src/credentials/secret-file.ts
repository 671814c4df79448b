import fs from 'node:fs';
import { z } from 'zod';

/**
 * Reads a variable that names a file with a secret, as what reads the file: whoever changes a secret changes the file,
 * and the next login has the new one.
 */
export const secretFile = z.string().transform((file, context): (() => string) => {
  const read = (): string => fs.readFileSync(file, 'utf8').trim();
  try {
    if (read() !== '') return read;
  } catch {
    // Said below.
  }
  context.addIssue('must name a readable file that is not empty');
  return z.NEVER;
});
