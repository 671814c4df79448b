import fp from 'fastify-plugin';
import { strangler } from 'service-chassis/strangler';
import type { ServiceOptions } from '../service.ts';

/** The rules by which strangled routes go to one side or the other, as `strangler.json` has them. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    await app.register(strangler, config.strangler);
  },
  { name: 'strangler', dependencies: ['gateway'] },
);
