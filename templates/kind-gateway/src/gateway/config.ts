import { type GatewayConfig, gatewayConfig } from 'service-chassis/gateway';
import type { ConfigPart } from '../config.ts';

declare module '../config.ts' {
  interface Config {
    readonly gateway: GatewayConfig;
  }
}

/** Who may ask for what, how much, and how often: `.env.example` has the variables. */
export default gatewayConfig satisfies ConfigPart;
