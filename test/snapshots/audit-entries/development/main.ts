import path from 'node:path';
import { listenForSignals } from 'service-chassis/signals';

const signals = listenForSignals();
// Not before: what is imported in the usual way is loaded before the first line runs.
const { develop, watch } = await import('service-chassis/development');
const { standIns } = await import('./stand-ins.ts');
const root = path.resolve(import.meta.dirname, '..');
if (process.argv.includes('--watch')) {
  await watch({ program: import.meta.filename, standIns, root }, process.env, signals);
} else {
  const { loadConfig } = await import('../src/config.ts');
  const { buildService } = await import('../src/service.ts');
  await develop(
    {
      loadConfig,
      build: (config, options) => buildService({ ...options, config }),
      standIns,
      root,
    },
    process.env,
    signals,
  );
}
