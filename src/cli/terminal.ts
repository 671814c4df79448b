/** How to write to one stream: whether anybody looks at it, in which colours, how wide. */
export interface Style {
  readonly interactive: boolean;
  /** Width of the terminal at this moment; Infinity for a file or a pipe. */
  readonly columns: number;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/**
 * Colours only where a person can see them and has not asked for none (https://no-color.org), or
 * where FORCE_COLOR asks for them, as it does in Node: with anything but 0 and false.
 */
export function styleOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Style {
  const { FORCE_COLOR: forced, NO_COLOR: unwanted = '' } = environment;
  const interactive = stream.isTTY === true && isInteractive(environment);
  const coloured =
    forced === undefined ? interactive && unwanted === '' : !['0', 'false'].includes(forced);
  const paint = (open: number, close: number) => (text: string) =>
    coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    interactive,
    get columns() {
      return stream.isTTY === true ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
  };
}

/** Whether there is somebody who could answer a question. */
export function canAsk(): boolean {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return isTerminal && isInteractive(process.env);
}

/** Not on a build machine, nor where lines cannot be drawn anew (TERM=dumb: an editor's shell). */
function isInteractive({ CI: ci = '', TERM: term }: NodeJS.ProcessEnv): boolean {
  return (ci === '' || ci === 'false') && term !== 'dumb';
}

/** What a command talks to. */
export interface Terminal {
  readonly output: Style;
  readonly errors: Style;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}
