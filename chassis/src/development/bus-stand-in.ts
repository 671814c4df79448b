import path from 'node:path';
import type { StandIn } from '../stand-ins/index.ts';
import { DeadLetterFolder } from './dead-letter-folder.ts';
import { InProcessBus } from './in-process-bus.ts';

/** What stands in for the bus. */
export interface BusStandIn extends StandIn {
  /** The dead letters of the script `dev`; nothing where the environment names a real bus. */
  deadLetters(environment: NodeJS.ProcessEnv, data: string): DeadLetterFolder | undefined;
}

/**
 * A bus in the process of the service, in the place of the one that a variable names; of each test its
 * own, with no long pauses before a handler is tried again.
 *
 * @param placeholder an address as the variable has it, which satisfies the configuration.
 */
export function busInProcess(variable: string, placeholder: string): BusStandIn {
  const address = { [variable]: placeholder };
  const deadLetters: BusStandIn['deadLetters'] = (environment, data) =>
    environment[variable]?.trim() ? undefined : new DeadLetterFolder(path.join(data, 'events'));
  return {
    deadLetters,
    async develop(environment, data) {
      const letters = deadLetters(environment, data);
      if (letters === undefined) return undefined;
      return { inProcess: { environment: address, options: { bus: new InProcessBus(letters) } } };
    },
    isolate: async () => ({
      environment: { EVENTS_RETRY_PAUSE_MS: '10' },
      inProcess: { environment: address, options: { bus: new InProcessBus() } },
    }),
  };
}
