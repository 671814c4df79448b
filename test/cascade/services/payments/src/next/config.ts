import { type ClientConfig, clientConfigSchema } from 'service-chassis/clients';
import type { ConfigPart } from '../config.ts';

declare module '../config.ts' {
  interface Config {
    /** The next service of the chain. */
    readonly next: ClientConfig;
  }
}

export default { key: 'next', schema: clientConfigSchema('NEXT') } satisfies ConfigPart;
