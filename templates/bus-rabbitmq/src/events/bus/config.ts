import { type RabbitConfig, rabbitConfig } from 'service-chassis/rabbitmq';
import type { ConfigPart } from '../../config.ts';

declare module '../../config.ts' {
  interface Config {
    readonly rabbit: RabbitConfig;
  }
}

/** Where the server is, and how to log in: `AMQP_URL`. */
export default rabbitConfig satisfies ConfigPart;
