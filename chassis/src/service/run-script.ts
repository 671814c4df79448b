import { NamedError } from '../copies/index.ts';

/**
 * Runs a script of the service to its end. Prints what it fails with: an error of the chassis that has no other behind
 * it, such as a wrong configuration, as its sentence, anything else with its stack.
 *
 * @param main resolves to the exit code; when it rejects, that is 1.
 */
export async function runScript(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isSentence = error instanceof NamedError && error.cause === undefined;
    console.error(isSentence ? error.message : error);
    process.exitCode = 1;
  }
}
