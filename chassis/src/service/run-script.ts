import { ConfigError } from '../config/index.ts';
import { CannotStartError } from '../health/index.ts';

/**
 * Runs a script of the service to its end. Prints what it fails with: a wrong configuration, and what
 * keeps the service from starting, as a sentence, anything else with its stack.
 *
 * @param main resolves to the exit code; when it rejects, that is 1.
 */
export async function runScript(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isSentence = error instanceof ConfigError || error instanceof CannotStartError;
    console.error(isSentence ? error.message : error);
    process.exitCode = 1;
  }
}
