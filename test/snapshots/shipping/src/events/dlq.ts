import { ConfigError } from 'service-chassis/config';
import { createLogger } from 'service-chassis/telemetry';
import { loadConfig } from '../config.ts';
import { serviceInfo } from '../service-info.ts';
import { createBus } from './bus/adapter.ts';
import { dlq } from './dlq-command.ts';

/** `node src/events/dlq.ts COMMAND`: looks at, replays and drops dead letters on the real bus. */
try {
  const config = await loadConfig(process.env);
  const bus = createBus(
    config,
    createLogger(serviceInfo.name, { ...config.telemetry, logLevel: 'error' }),
  );
  try {
    process.exitCode = await dlq(process.argv.slice(2), bus);
  } finally {
    await bus.close();
  }
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
