/** A text as one word of a shell's command line, quoted only where it must be. */
export function shellWord(text: string): string {
  return /^[\w:/@.,+-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
