import type { FastifyInstance } from 'fastify';
import { type CoreConfig, type Runnable, run } from '../service/index.ts';
import type { Signals } from '../signals/index.ts';
import type { StandIns } from '../stand-ins/index.ts';
import { announce } from './announce.ts';
import { serveDocs } from './docs.ts';
import { givenIn, startStandIns } from './started-stand-ins.ts';

/** A service that is built from more than its configuration. */
interface Developed<Config extends CoreConfig> extends Pick<Runnable<Config>, 'loadConfig'> {
  build(config: Config, options: object): Promise<FastifyInstance>;
  readonly standIns: StandIns;
  /** The folder of the service. */
  readonly root: string;
}

/**
 * Runs a service until a signal as `run` does, on stand-ins for the servers that the environment does not
 * name; a blank variable counts as missing. They stop after the service. Its API can be tried out at `/docs`,
 * where the service has `@fastify/swagger-ui`; when it is ready, its addresses are printed.
 */
export async function develop<Config extends CoreConfig>(
  { loadConfig, build, standIns, root }: Developed<Config>,
  environment: NodeJS.ProcessEnv,
  signals: Signals,
): Promise<void> {
  endWithWatcher();
  const given = givenIn(environment);
  const { substitutes, stop } = await startStandIns(standIns, given, root, signals);
  const options: object = Object.assign({}, ...substitutes.map((each) => each.inProcess?.options));
  const variables = substitutes.map((each) => ({
    ...each.environment,
    ...each.inProcess?.environment,
  }));
  await run(
    {
      loadConfig,
      async build(config) {
        const app = await build(config, options);
        await serveDocs(app, root);
        announce(app);
        return app;
      },
      onStopped: stop,
    },
    Object.assign(
      { HOST: '127.0.0.1', SHUTDOWN_DRAIN_MS: '0', LOG_FORMAT: 'pretty' },
      ...variables,
      given,
    ),
    signals,
  );
  // To `watch`, when that is what started this process.
  process.send?.('listening');
}

/** Whoever watches may be killed; then nobody needs this process any more. */
function endWithWatcher(): void {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
