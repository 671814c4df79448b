import type { FastifyInstance } from 'fastify';
import { importAll } from '../modules/index.ts';
import { type CoreConfig, type Runnable, run } from '../service/index.ts';
import type { Signals } from '../signals/index.ts';

/** A stand-in for a server that is not there. */
export interface Embedded {
  /** Variables that point the service to the stand-in. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the service is built from besides its configuration. */
  readonly options?: object;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in, or does nothing when the environment names the real thing: the default export of a
 * file `embedded-*.ts`.
 */
export type Embed = (environment: NodeJS.ProcessEnv) => Promise<Embedded | undefined>;

/** A service that is built from more than its configuration. */
interface Developed<Config extends CoreConfig> extends Pick<Runnable<Config>, 'loadConfig'> {
  build(config: Config, standIns: object): Promise<FastifyInstance>;
}

/**
 * Runs a service until a signal as `run` does, on stand-ins for the servers that the environment does not
 * name; a blank variable counts as missing. They stop after the service.
 *
 * @param folder where the files `embedded-*.ts` are.
 */
export async function develop<Config extends CoreConfig>(
  { loadConfig, build }: Developed<Config>,
  folder: string | URL,
  environment: NodeJS.ProcessEnv,
  signals: Signals,
): Promise<void> {
  const embedded: Embedded[] = [];
  const stopAll = async (): Promise<void> => {
    for (const part of embedded.splice(0).reverse()) await part.stop();
  };
  signals.handle(() => void stopAll().finally(() => process.exit(0)));
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value?.trim()),
  );
  for (const embed of await importAll(folder, 'embedded-*.ts', isEmbed)) {
    const part = await embed(given);
    if (part !== undefined) embedded.push(part);
  }
  const standIns: object = Object.assign({}, ...embedded.map(({ options }) => options));
  await run(
    { loadConfig, build: (config) => build(config, standIns), onStopped: stopAll },
    Object.assign(
      { HOST: '127.0.0.1', SHUTDOWN_DRAIN_MS: '0', LOG_FORMAT: 'pretty' },
      ...embedded.map((part) => part.environment),
      given,
    ),
    signals,
  );
}

function isEmbed(value: unknown): value is Embed {
  return typeof value === 'function';
}
