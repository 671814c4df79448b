import closeWithGrace from 'close-with-grace';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, loadConfig } from './config.ts';
import { buildService, type ServiceOptions } from './service.ts';

/**
 * Runs the service until a signal: reads the configuration, builds, listens, and shuts down in order.
 * A configuration that is not valid is printed as one error, and the process exits with 1.
 *
 * @param overrides parts that stand in for real ones (development).
 * @param onStopped runs when everything is closed, before the process exits.
 */
export async function run(
  environment: NodeJS.ProcessEnv,
  overrides: Partial<ServiceOptions> = {},
  onStopped: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { config, app } = await builtOrExit(environment, overrides);
  closeWithGrace(
    { delay: config.http.shutdownTimeout, logger: app.log },
    async ({ signal, err }) => {
      if (err !== undefined) app.log.fatal({ err }, 'unexpected error; shutting down');
      else app.log.info({ signal }, 'shutting down');
      app.health.markShuttingDown();
      // Balancers go on sending until they have seen that readiness is gone.
      await delay(config.http.shutdownDrain);
      await app.close();
      await onStopped();
    },
  );
  endWithPackageManager(environment);
  await app.listen({ host: config.http.host, port: config.http.port });
}

/**
 * A signal to a package manager that runs a script ends it and its shell, but not always what runs in
 * them: a process that it started stops when its parent is gone, instead of holding the port as an
 * orphan. They all set `npm_lifecycle_event`.
 */
function endWithPackageManager(environment: NodeJS.ProcessEnv): void {
  if (environment.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200).unref();
}

async function builtOrExit(environment: NodeJS.ProcessEnv, overrides: Partial<ServiceOptions>) {
  try {
    const config = await loadConfig(environment);
    return { config, app: await buildService({ ...overrides, config }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
