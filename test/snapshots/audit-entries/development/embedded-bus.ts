import { InProcessBus } from './in-process-bus.ts';
import type { Embed } from './main.ts';
import { addressVariable, placeholderAddress } from './bus-address.ts';

/** A bus in this process, unless the environment names a real one. */
const embed: Embed = async (environment) => {
  if (environment[addressVariable]) return undefined;
  return {
    environment: { [addressVariable]: placeholderAddress },
    options: { bus: new InProcessBus() },
    stop: async () => undefined,
  };
};

export default embed;
