import { listenForSignals } from 'service-chassis/signals';

export type { Embed } from 'service-chassis/development';

const signals = listenForSignals();
// Not before: what is imported in the usual way is loaded before the first line runs.
const { develop } = await import('service-chassis/development');
const { loadConfig } = await import('../src/config.ts');
const { buildService } = await import('../src/service.ts');
// Its stand-ins are the files `embedded-*.ts` of this folder.
await develop(
  { loadConfig, build: (config, standIns) => buildService({ ...standIns, config }) },
  import.meta.dirname,
  process.env,
  signals,
);
