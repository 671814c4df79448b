import type { Verdict } from './verdict.ts';

const maxLength = 200;

/** What a service is described as when nobody says more. */
export function defaultDescription(name: string): string {
  return `The ${name.replaceAll('-', ' ')} service.`;
}

/**
 * Any one line of printable text will do: it is emitted as data everywhere. Refused is what would
 * hide from a reviewer: control characters, line breaks, and Unicode that is invisible or turns
 * the direction of the text round (the "Trojan Source" attack, CVE-2021-42574).
 */
export function checkDescription(text: string): Verdict {
  const value = text.trim();
  if (value.length > maxLength) {
    return {
      ok: false,
      reason: `is ${value.length} characters long; at most ${maxLength} are allowed`,
    };
  }
  const hidden = hiddenIn(value);
  if (hidden !== undefined) {
    return {
      ok: false,
      reason: `contains ${codePointOf(hidden)}, which cannot be seen; use one line of plain text`,
    };
  }
  return { ok: true, value };
}

function hiddenIn(text: string): string | undefined {
  // Most text is ASCII, and to build the full class takes longer than all other checks of a run.
  if (/^[\x20-\x7e]*$/.test(text)) return undefined;
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.exec(text)?.[0];
}

/** `U+202E` for a character that must not be printed as it is. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
