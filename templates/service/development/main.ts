import { glob } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { listenForSignals } from 'service-chassis/signals';
import type { ServiceOptions } from '../src/service.ts';

/** A stand-in for a server that is not there: the default export of `development/embedded-*.ts`. */
export interface Embedded {
  /** Variables that point the service to the stand-in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Parts that it hands to the service itself. */
  readonly options?: Partial<ServiceOptions>;
  stop(): Promise<void>;
}

/** Starts a stand-in, or does nothing when the environment names the real thing. */
export type Embed = (environment: NodeJS.ProcessEnv) => Promise<Embedded | undefined>;

const embedded: Embedded[] = [];
const stopAll = async (): Promise<void> => {
  for (const part of embedded.splice(0).reverse()) await part.stop();
};
const signals = listenForSignals();
signals.handle(() => void stopAll().finally(() => process.exit(0)));
const { run } = await import('../src/run.ts');

// As in the service itself, a blank variable counts as missing.
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
const files = await Array.fromAsync(glob('embedded-*.ts', { cwd: import.meta.dirname }));
for (const file of files.sort()) {
  const module: { default: Embed } = await import(
    pathToFileURL(path.join(import.meta.dirname, file)).href
  );
  const part = await module.default(given);
  if (part !== undefined) embedded.push(part);
}
const environment = Object.assign(
  { HOST: '127.0.0.1', SHUTDOWN_DRAIN_MS: '0', LOG_FORMAT: 'pretty' },
  ...embedded.map((part) => part.environment),
  given,
);
const options = Object.assign({}, ...embedded.map((part) => part.options));
await run(environment, signals, options, stopAll);
