import { CannotStartError } from 'service-chassis';
import { ConfigError, readPart } from 'service-chassis/config';
import part from './config.ts';
import { migrate } from './migrations.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
try {
  const { applied, ahead } = await migrate(readPart(part, process.env));
  console.log(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`);
  if (ahead.length > 0) console.log(`of a newer version of the service: ${ahead.join(', ')}`);
} catch (error) {
  const isSentence = error instanceof ConfigError || error instanceof CannotStartError;
  console.error(isSentence ? error.message : error);
  process.exitCode = 1;
}
