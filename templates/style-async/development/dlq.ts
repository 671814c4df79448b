import path from 'node:path';
import { dlq } from '../src/events/dlq-command.ts';
import { addressVariable } from './bus-address.ts';
import { DeadLetterFolder } from './dead-letter-folder.ts';

/** The dead letters of the real bus, or without an address those of the script `dev`. */
if (process.env[addressVariable]) await import('../src/events/dlq.ts');
else {
  const folder = path.resolve(import.meta.dirname, '../.data/events');
  process.exitCode = await dlq(process.argv.slice(2), new DeadLetterFolder(folder));
}
