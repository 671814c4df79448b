import path from 'node:path';
import { dlq } from 'service-chassis/events';
import { serviceInfo } from '../src/service-info.ts';
import { standIns } from './stand-ins.ts';

const data = path.resolve(import.meta.dirname, '../.data');
/** Those of the script `dev`; with the address of a real bus, its own. */
const letters = standIns.events.deadLetters(process.env, data);
if (letters === undefined) await import('../src/events/dlq.ts');
else process.exitCode = await dlq(serviceInfo.name, process.argv.slice(2), letters);
