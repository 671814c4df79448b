import path from 'node:path';
import { DeadLetterFolder } from 'service-chassis/development';
import { dlq } from 'service-chassis/events';
import { serviceInfo } from '../src/service-info.ts';
import { addressVariable } from './bus-address.ts';

/** The dead letters of the real bus, or without an address those of the script `dev`. */
if (process.env[addressVariable]) await import('../src/events/dlq.ts');
else {
  const letters = new DeadLetterFolder(path.resolve(import.meta.dirname, '../.data/events'));
  process.exitCode = await dlq(serviceInfo.name, process.argv.slice(2), letters);
}
