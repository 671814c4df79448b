import { listenForSignals } from 'service-chassis/signals';

const signals = listenForSignals();
// Not before: what is imported in the usual way is loaded before the first line runs.
const { run } = await import('./run.ts');
await run(process.env, signals);
