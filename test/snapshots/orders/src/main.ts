import { listenForSignals } from 'service-chassis/signals';

const signals = listenForSignals();
// Not before: what is imported in the usual way is loaded before the first line runs.
const { run } = await import('service-chassis');
const { loadConfig } = await import('./config.ts');
const { buildService } = await import('./service.ts');
await run({ loadConfig, build: (config) => buildService({ config }) }, process.env, signals);
