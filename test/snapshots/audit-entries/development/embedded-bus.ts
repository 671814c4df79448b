import path from 'node:path';
import { DeadLetterFolder, InProcessBus } from 'service-chassis/development';
import { addressVariable, placeholderAddress } from './bus-address.ts';
import type { Embed } from './main.ts';

/** A bus in this process, unless the environment names a real one. */
const embed: Embed = async (environment) => {
  if (environment[addressVariable]) return undefined;
  const folder = new DeadLetterFolder(path.resolve(import.meta.dirname, '../.data/events'));
  return {
    environment: { [addressVariable]: placeholderAddress },
    options: { bus: new InProcessBus(folder) },
    stop: async () => undefined,
  };
};

export default embed;
