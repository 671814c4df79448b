import path from 'node:path';
import type { Signals } from '../signals/index.ts';
import { NoServerError, type StandIns, type Substitute } from '../stand-ins/index.ts';

/** What of a service's stand-ins runs. */
export interface StartedStandIns {
  readonly substitutes: readonly Substitute[];
  stop(): Promise<void>;
}

/** Variables that say something: a blank one counts as missing. */
export function givenIn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

/**
 * Starts what stands in for servers that the environment does not name. Where there is none to start, says
 * so in a sentence and ends the process with 1; at a signal meanwhile, ends it with 0.
 *
 * @param root folder of the service; in its `.data` they keep what is to be there at the next start.
 */
export async function startStandIns(
  standIns: StandIns,
  environment: NodeJS.ProcessEnv,
  root: string,
  signals: Signals,
): Promise<StartedStandIns> {
  const substitutes: Substitute[] = [];
  const stop = async (): Promise<void> => {
    for (const substitute of substitutes.splice(0).reverse()) await substitute.stop?.();
  };
  signals.handle(() => void stop().finally(() => process.exit(0)));
  try {
    for (const standIn of Object.values(standIns)) {
      const substitute = await standIn.develop(environment, path.join(root, '.data'));
      if (substitute !== undefined) substitutes.push(substitute);
    }
  } catch (error) {
    await stop();
    if (!(error instanceof NoServerError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  return { substitutes, stop };
}
