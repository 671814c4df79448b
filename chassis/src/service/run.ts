import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from '../config/index.ts';
import { CannotListenError, listen } from '../http/index.ts';
import {
  endWithPackageManager,
  type Signals,
  type StopSignal,
  stopSignals,
} from '../signals/index.ts';
import type { CoreConfig } from './create-service.ts';

/** Milliseconds in which one Ctrl-C may come twice: from the terminal, and from a package manager. */
const sameKeystroke = 1000;

/** A service that can be run. */
export interface Runnable<Config extends CoreConfig> {
  /** Reads the configuration. @throws ConfigError */
  loadConfig(environment: NodeJS.ProcessEnv): Promise<Config>;
  build(config: Config): Promise<FastifyInstance>;
  /** Runs when everything is closed, before the process exits. */
  onStopped?(): Promise<void>;
}

/**
 * Runs a service until a signal: reads the configuration, builds, listens, and shuts down in order.
 * A configuration that is not valid, and a port that cannot be had, are printed as one error, and the
 * process exits with 1.
 */
export async function run<Config extends CoreConfig>(
  { loadConfig, build, onStopped = async () => undefined }: Runnable<Config>,
  environment: NodeJS.ProcessEnv,
  signals: Signals,
): Promise<void> {
  try {
    const config = await loadConfig(environment);
    const app = await build(config);
    const { host, port } = config.http;
    const listening = listen(() => app.listen({ host, port }), 'PORT', 'HOST');
    const { close } = closeWithGrace(
      { delay: config.http.shutdownTimeout, logger: app.log, skip: [...stopSignals] },
      async ({ err }) => {
        if (err !== undefined) app.log.fatal({ err }, 'unexpected error; shutting down');
        await shutDown(app, config, listening);
        await onStopped();
        app.health.assertFinished();
      },
    );
    signals.handle(onFirstSignal(app, close));
    endWithPackageManager(environment);
    await listening;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof CannotListenError)) throw error;
    process.stderr.write(`${error.message}\n`);
    await onStopped();
    process.exit(1);
  }
}

async function shutDown(
  app: FastifyInstance,
  { http }: CoreConfig,
  listening: Promise<void>,
): Promise<void> {
  const mayHaveCallers = app.health.hasStarted;
  app.health.markShuttingDown();
  await listening;
  // Balancers go on sending until they have seen that readiness is gone.
  if (mayHaveCallers) await delay(http.shutdownDrain);
  await app.close();
}

/**
 * Shuts down at the first signal. Package managers and compose may send another one after it, which
 * changes nothing; a person who presses Ctrl-C again does not want to wait.
 */
function onFirstSignal(app: FastifyInstance, close: () => void) {
  let first: number | undefined;
  return (signal: StopSignal): void => {
    if (first === undefined) {
      first = performance.now();
      app.log.info({ signal }, 'shutting down');
      close();
    } else if (signal === 'SIGINT' && performance.now() - first > sameKeystroke) {
      app.log.warn({ signal }, 'interrupted again; what is in flight is dropped');
      process.exit(1);
    } else {
      app.log.info({ signal }, 'already shutting down');
    }
  };
}
