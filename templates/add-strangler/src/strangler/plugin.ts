import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { RulesFile } from './rules-file.ts';
import { Shadows } from './shadow.ts';
import { type StranglerMetrics, stranglerMetrics } from './strangler-metrics.ts';

/** What strangled routes share. */
export interface Strangler {
  readonly rules: RulesFile;
  readonly shadows: Shadows;
  readonly metrics: StranglerMetrics;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly strangler: Strangler;
  }
}

/** The rules by which strangled routes go to one side or the other, kept as their file has them. */
export default fp(
  async (app, { config: { strangler } }: ServiceOptions) => {
    const metrics = stranglerMetrics(app.metrics);
    const rules = new RulesFile(strangler.rules, app.log, metrics.rulesRead);
    const shadows = new Shadows(strangler.shadow, metrics);
    app.decorate('strangler', { rules, shadows, metrics });
    // Not ready without rules: to send everybody to either side could be the wrong one.
    app.health.addStart('the rules file of the strangler', async () => {
      await rules.load();
      rules.watch(strangler.interval);
    });
    app.addHook('onClose', () => rules.stop());
  },
  { name: 'strangler', dependencies: ['telemetry', 'health'] },
);
