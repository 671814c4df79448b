import path from 'node:path';
import { temporaryFolder } from '../support/cli.ts';
import { link } from '../support/emitted.ts';
import { servicesIn } from '../support/services.ts';
import { BusProcess } from './bus-process.ts';

/** Another service, which hears of events of those types and has no other effect. */
export async function listenerOf(
  bus: string,
  types: readonly string[],
  environment: Readonly<Record<string, string>>,
  dependencies: { readonly folder: string },
): Promise<BusProcess> {
  const root = await temporaryFolder();
  await servicesIn(root, { listener: ['--style', 'async', '--datastore', 'none', '--bus', bus] });
  const folder = path.join(root, 'listener');
  await link(folder, dependencies);
  const listener = await BusProcess.start(folder, environment);
  const topics = { events: types, consumed: types };
  await listener.do('connect', { ...topics, deadLetters: 'listener.dead-letter' });
  await listener.do('consume', types, { kind: 'handle' });
  return listener;
}
