import type { ServiceSettings } from 'service-chassis';
import { gatewaySettings } from 'service-chassis/gateway';
import type { Config } from '../config.ts';

/** How this service differs from the usual: it bears callers of whom nothing is known. */
export function settingsOf({ gateway }: Config): ServiceSettings {
  return gatewaySettings(gateway);
}
