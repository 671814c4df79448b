import { stripVTControlCharacters } from 'node:util';

const narrowestColumn = 24;
const hardSpace = '\0';

/**
 * Breaks lines between words so that none is wider than the terminal, unless a single word is. What
 * goes on below is indented as its line is; in a table (two spaces or more between its columns) it
 * stays in its column while there is room for one.
 *
 * @param columns width of the terminal; Infinity for a file or a pipe, where lines stay whole.
 */
export function wrapped(text: string, columns: number): string {
  const lines = columns === Infinity ? [text] : text.split('\n').map((line) => fold(line, columns));
  return lines.join('\n').replaceAll(hardSpace, ' ');
}

/** Keeps a command or a path in one piece until it is `wrapped`. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', hardSpace);
}

/** The beginning of a text, as much as fits into so many columns. */
export function cut(text: string, columns: number): string {
  let width = 0;
  const fitting = [...text].filter((character) => {
    width += widthOf(character);
    return width <= columns;
  });
  return fitting.join('');
}

function fold(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const [, indent = '', term, gap = '', help = ''] =
    /^( {2,})(\S.*?)( {2,})(\S.*)$/.exec(line) ?? [];
  if (term === undefined) return foldSentence(line, columns);
  const start = indent + term + gap;
  const column = ' '.repeat(widthOf(start));
  if (columns - column.length >= narrowestColumn) return foldWords(help, columns, start, column);
  const below = `${indent}    `;
  return `${indent}${term}\n${foldWords(help, columns, below, below)}`;
}

function foldSentence(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  const indent = /^ */.exec(plain)?.[0] ?? '';
  const hanging = /^[✓✗!] /.test(plain) ? '  ' : '';
  return foldWords(line.slice(indent.length), columns, indent, indent + hanging);
}

function foldWords(text: string, columns: number, first: string, next: string): string {
  const [word = '', ...words] = text.split(' ');
  let line = first + word;
  const lines: string[] = [];
  for (const following of words) {
    if (widthOf(`${line} ${following}`) <= columns) {
      line += ` ${following}`;
    } else {
      lines.push(line);
      line = next + following;
    }
  }
  return [...lines, line].join('\n');
}

/** Columns that a text takes in a terminal: colours take none, letters of East Asia and emoji two. */
function widthOf(text: string): number {
  const characters = [...stripVTControlCharacters(text)];
  return characters.length + characters.filter((character) => wide.test(character)).length;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
