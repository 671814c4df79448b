#!/usr/bin/env node
import { CreateServiceError, reasonOf } from '../base/errors.ts';
import { create } from './create-command.ts';
import { printJson } from './print.ts';
import { type Style, styleOf } from './terminal.ts';
import { wrapped } from './wrapped.ts';

const argv = process.argv.slice(2);
const errors = styleOf(process.stderr, process.env);
const output = styleOf(process.stdout, process.env);

/** Runs the command that the first word names, and returns the exit code. */
async function main(signal: AbortSignal): Promise<number> {
  const [first, ...rest] = argv;
  const terminal = { output, errors, signal };
  if (first === 'add') {
    const { add } = await import('./add-command.ts');
    return add(rest, terminal);
  }
  if (first === 'remove') {
    const { remove } = await import('./remove-command.ts');
    return remove(rest, terminal);
  }
  if (first === 'eject') {
    const { eject } = await import('./eject-command.ts');
    return eject(rest, terminal);
  }
  return create(argv, terminal);
}

/** The only place that turns an error into words: one sentence, and what to type instead. */
function report(error: unknown, style: Style): number {
  const known = error instanceof CreateServiceError;
  const message = known ? error.message : `create-service failed unexpectedly: ${reasonOf(error)}`;
  const lines = [`${style.red('✗')} ${message}`];
  if (known && error.hint !== undefined) lines.push(`  Try: ${error.hint}`);
  process.stderr.write(`${wrapped(lines.join('\n'), style.columns)}\n`);
  if (argv.includes('--json')) {
    const code = known ? error.code : 'UNEXPECTED';
    printJson({
      ok: false,
      error: { code, message, ...(known && error.hint ? { hint: error.hint } : {}) },
    });
  }
  return known ? error.exitCode : 1;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', () => process.exit(0));

main(interruption.signal)
  .catch((error: unknown) => report(error, errors))
  .then(end);

/** Exits once all that was said is out: to wind the engine down first takes as long as writing the files. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
