import { BadInputError, reasonOf } from '../base/errors.ts';

/** Bytes of a document. */
export const largestDocument = 5_242_880;

/**
 * Takes a text as JSON, or as YAML.
 *
 * @param where names the document to a person.
 * @throws BadInputError when it is neither.
 */
export async function parseDocument(text: string, where: string): Promise<unknown> {
  try {
    if (/^\s*\{/.test(text)) return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch (error) {
    const [line = ''] = reasonOf(error).split('\n');
    const reason = line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200);
    throw new BadInputError(`${where} cannot be read as JSON or YAML: ${reason}.`);
  }
}

/** @throws BadInputError with its size. */
export function tooLarge(where: string): BadInputError {
  const mebibytes = largestDocument / 1_048_576;
  return new BadInputError(
    `${where} is larger than ${mebibytes} MiB.`,
    'give a file with the operations that are needed',
  );
}
