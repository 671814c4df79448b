import fp from 'fastify-plugin';
import type { StranglerConfig } from './config.ts';
import { RulesFile } from './rules-file.ts';
import { Shadows } from './shadow.ts';
import { type StranglerMetrics, stranglerMetrics } from './strangler-metrics.ts';

/** What strangled routes share. */
interface Strangler {
  readonly rules: Pick<RulesFile, 'require' | 'ruleOf'>;
  readonly shadows: Pick<Shadows, 'onSend' | 'onClose' | 'begin'>;
  readonly metrics: StranglerMetrics;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly strangler: Strangler;
  }
}

/** The rules by which strangled routes go to one side or the other, kept as their file has them. */
export const strangler = fp(
  async (app, { rules: file, interval, shadow }: StranglerConfig) => {
    const metrics = stranglerMetrics(app.metrics);
    const rules = new RulesFile(file, app.log, metrics.rulesRead);
    const shadows = new Shadows(shadow, metrics);
    app.decorate('strangler', { rules, shadows, metrics });
    // Not ready without rules: to send everybody to either side could be the wrong one.
    app.health.addStart('the rules file of the strangler', async () => {
      await rules.load();
      rules.watch(interval);
    });
    app.addHook('onClose', () => rules.stop());
  },
  { name: 'strangler', dependencies: ['telemetry', 'health'] },
);
