/** How to write to one stream: whether anybody looks at it, in which colours, how wide. */
export interface Style {
  readonly interactive: boolean;
  readonly columns: number;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** Colours only where a person can see them and has not asked for none (https://no-color.org). */
export function styleOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Style {
  const interactive = stream.isTTY === true && !isSet(environment.CI);
  const coloured = isSet(environment.FORCE_COLOR)
    ? environment.FORCE_COLOR !== '0'
    : interactive && !isSet(environment.NO_COLOR) && environment.TERM !== 'dumb';
  const paint = (open: number, close: number) => (text: string) =>
    coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    interactive,
    columns: stream.columns ?? 80,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
  };
}

/** Whether an environment variable says yes (as NO_COLOR and CI do with any text but "" and "false"). */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}

/** What a command talks to. */
export interface Terminal {
  readonly output: Style;
  readonly errors: Style;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}

/** Whether there is somebody who could answer a question. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !isSet(process.env.CI);
}
