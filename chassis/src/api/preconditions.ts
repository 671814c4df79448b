import { z } from 'zod';
import { HttpError } from '../http/index.ts';
import { entityTagOf, entityTagsSyntax, ifMatchHolds, ifNoneMatchHolds } from './entity-tags.ts';

const entityTags = z.string().regex(entityTagsSyntax, 'must be * or a list of entity tags');

/** The headers by which a request depends on what is there now (RFC 9110, 13.1). */
export const preconditionHeaders = z.looseObject({
  'if-match': entityTags.optional().describe('Entity tags, one of which must be the current one'),
  'if-none-match': entityTags.optional().describe('Entity tags, none of which may be the current'),
});

/** The same for a write, which must say what it means to change. */
export const writePreconditionHeaders = preconditionHeaders.extend({
  'if-match': entityTags
    .optional()
    .describe('The entity tag that was last seen, or *; without it the answer is 428'),
});

type Preconditions = z.infer<typeof preconditionHeaders>;

/**
 * Weighs the preconditions of a request that reads, in the order of RFC 9110, 13.2.2.
 *
 * @returns whether what the caller has is still current, so that the answer is 304.
 * @throws HttpError 412 when the caller wants another one than there is.
 */
export function isNotModified(headers: Preconditions, version: number): boolean {
  requireMatch(headers['if-match'], version);
  const seen = headers['if-none-match'];
  return seen !== undefined && !ifNoneMatchHolds(seen, entityTagOf(version));
}

/**
 * Checks that a request that writes says which state it means to change, and makes the check that
 * it is the current one.
 *
 * @throws HttpError 428 (RFC 6585) without `If-Match`: a blind write could undo another's.
 */
export function writeCondition(headers: Preconditions): (version: number) => void {
  const expected = headers['if-match'];
  const excluded = headers['if-none-match'];
  if (expected === undefined) {
    throw new HttpError(428, 'If-Match must name the ETag that was last seen, or be *.');
  }
  return (version) => {
    requireMatch(expected, version);
    if (excluded !== undefined && !ifNoneMatchHolds(excluded, entityTagOf(version))) {
      throw new HttpError(412, 'If-None-Match names the current ETag.');
    }
  };
}

function requireMatch(expected: string | undefined, version: number): void {
  if (expected === undefined || ifMatchHolds(expected, entityTagOf(version))) return;
  throw new HttpError(412, `If-Match does not name the current ETag, ${entityTagOf(version)}.`);
}
