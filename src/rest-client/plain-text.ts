const longest = 200;

/** Text of a document for a terminal: nothing that it would obey, and not too much. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?').slice(0, longest);
}
