import { run as runService } from 'service-chassis';
import type { Signals } from 'service-chassis/signals';
import { loadConfig } from './config.ts';
import { buildService, type ServiceOptions } from './service.ts';

/**
 * Runs the service until a signal.
 *
 * @param overrides parts that stand in for real ones (development).
 * @param onStopped runs when everything is closed, before the process exits.
 */
export async function run(
  environment: NodeJS.ProcessEnv,
  signals: Signals,
  overrides: Partial<ServiceOptions> = {},
  onStopped: () => Promise<void> = async () => undefined,
): Promise<void> {
  const build = (config: ServiceOptions['config']) => buildService({ ...overrides, config });
  await runService({ loadConfig, build, onStopped }, environment, signals);
}
