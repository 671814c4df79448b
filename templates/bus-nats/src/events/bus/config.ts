import { type NatsConfig, natsConfig } from 'service-chassis/nats';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly nats: NatsConfig;
  }
}

/** Where the servers are, and how to log in: `NATS_URL`. */
export default natsConfig satisfies ConfigPart;
