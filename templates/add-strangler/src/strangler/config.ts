import path from 'node:path';
import { type StranglerConfig, stranglerConfig } from 'service-chassis/strangler';
import type { ConfigPart } from '../config.ts';

declare module '../config.ts' {
  interface Config {
    readonly strangler: StranglerConfig;
  }
}

/** Reads the variables that start with `STRANGLER_`; its rules file lies beside `package.json`. */
export default stranglerConfig(path.resolve(import.meta.dirname, '../..')) satisfies ConfigPart;
