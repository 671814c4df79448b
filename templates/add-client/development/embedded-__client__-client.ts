import document from '../src/clients/__client__/openapi.json' with { type: 'json' };
import { startApiStandIn } from './api-stand-in.ts';
import type { Embed } from './main.ts';

const variable = '__CLIENT___URL';

/** Answers from the document, unless the environment says where the service is. */
const embed: Embed = async (environment) => {
  if (environment[variable]) return undefined;
  const { origin, stop } = await startApiStandIn(document);
  return { environment: { [variable]: origin }, stop };
};

export default embed;
