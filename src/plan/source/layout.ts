/** Columns of a line of emitted code, as its formatter has it. */
export const lineWidth = 100;

/** Text on one line where it fits, else with what is inside on a line of its own. */
export function fitted(
  margin: string,
  [open, inside, close]: readonly [string, string, string],
): string {
  const line = `${margin}${open}${inside}${close}`;
  return line.length <= lineWidth
    ? `${line}\n`
    : `${margin}${open}\n${margin}  ${inside},\n${margin}${close}\n`;
}

/** A literal of one line of printable text, quoted as the formatter quotes. */
export function literal(text: string): string {
  const count = (quote: string) => text.split(quote).length - 1;
  const quote = count("'") > count('"') ? '"' : "'";
  return `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;
}

/** Columns that a text takes: most ideographs, syllables and pictures take two. */
export function columnsOf(text: string): number {
  const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
  return Array.from(text).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}
