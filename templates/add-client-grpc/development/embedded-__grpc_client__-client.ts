import type { Embed } from './main.ts';

const variable = '__CLIENT___URL';

/** Where the service listens when it runs beside this one; until then, calls of it fail. */
const embed: Embed = async (environment) => {
  if (environment[variable]) return undefined;
  return { environment: { [variable]: 'http://localhost:50051' }, stop: async () => undefined };
};

export default embed;
