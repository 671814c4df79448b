import { runScript } from 'service-chassis';
import { dlq } from 'service-chassis/events';
import { createLogger } from 'service-chassis/telemetry';
import { loadConfig } from '../config.ts';
import { serviceInfo } from '../service-info.ts';
import { createBus } from './bus/adapter.ts';

/** `node src/events/dlq.ts COMMAND`: looks at, replays and drops dead letters on the real bus. */
await runScript(async () => {
  const config = await loadConfig(process.env);
  const log = createLogger(serviceInfo.name, { ...config.telemetry, logLevel: 'error' });
  const bus = createBus(config, log);
  return dlq(serviceInfo.name, process.argv.slice(2), bus).finally(() => bus.close());
});
