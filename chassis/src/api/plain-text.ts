import { z } from 'zod';

/**
 * A schema of text that a person reads, on one line: 1 to `max` characters, not only spaces, none of them a
 * control character or half of one (a surrogate by itself, which JSON can say and no database can keep). It is
 * one pattern, so that the API's document says all of it.
 */
export function plainText(max: number) {
  return z
    .string()
    .regex(
      new RegExp(`^(?=\\s*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]{1,${max}}$`, 'u'),
      `must be 1 to ${max} characters, not only spaces, without control characters`,
    )
    .meta({ minLength: 1, maxLength: max });
}
