import { type ClientConfig, clientConfigSchema } from '../clients/client-config.ts';
import type { ConfigPart } from '../config.ts';

declare module '../config.ts' {
  interface Config {
    /** The next service of the chain. */
    readonly next: ClientConfig;
  }
}

export default { key: 'next', schema: clientConfigSchema('NEXT') } satisfies ConfigPart;
