import type { Expression } from '../layers.ts';

/** Columns of a line of emitted code, as its formatter has it. */
export const lineWidth = 100;

/**
 * An expression as the formatter lays it out: on one line where it fits, else each argument on its own,
 * below the name of its property where not even the beginning fits behind that.
 *
 * @param start what stands before it on its line, the margin included.
 */
export function laidOut(start: string, expression: Expression, end: string): string {
  const line = `${start}${inLine(expression)}${end}`;
  if (line.length <= lineWidth) return `${line}\n`;
  const margin = /^ */.exec(start)?.[0] ?? '';
  const first =
    typeof expression === 'object' && 'call' in expression ? `${start}${expression.call}(` : line;
  if (first.length > lineWidth && start.endsWith(': '))
    return `${start.trimEnd()}\n${laidOut(`${margin}  `, expression, end)}`;
  if (typeof expression === 'string') return `${line}\n`;
  if ('properties' in expression) {
    const properties = propertiesOf(expression).map((property) => `${margin}  ${property},\n`);
    return `${start}{\n${properties.join('')}${margin}}${end}\n`;
  }
  const { call, with: given } = expression;
  const last = given.at(-1);
  if (typeof last === 'object' && 'properties' in last) {
    const before = given.slice(0, -1).map((argument) => `${inLine(argument)}, `);
    return laidOut(`${start}${call}(${before.join('')}`, last, `)${end}`);
  }
  const lines = given.map((argument) => laidOut(`${margin}  `, argument, ','));
  return `${start}${call}(\n${lines.join('')}${margin})${end}\n`;
}

function inLine(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  if ('properties' in expression) return `{ ${propertiesOf(expression).join(', ')} }`;
  return `${expression.call}(${expression.with.map(inLine).join(', ')})`;
}

function propertiesOf({ properties }: { readonly properties: Readonly<Record<string, string>> }) {
  return Object.entries(properties).map(([name, value]) => `${name}: ${value}`);
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
