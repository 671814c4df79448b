import { glob } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Starts the servers that the tests share, each by a file `test/support/shared-*.ts`, once a run. */
export default async function setup(): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  for await (const file of glob('shared-*.ts', { cwd: import.meta.dirname })) {
    const url = pathToFileURL(path.join(import.meta.dirname, file)).href;
    const module: { default: () => Promise<() => Promise<void>> } = await import(url);
    stops.push(await module.default());
  }
  return async () => {
    for (const stop of stops.reverse()) await stop();
  };
}
