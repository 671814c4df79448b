import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { outbox } from 'service-chassis/outbox';
import { postgres } from 'service-chassis/postgres';
import { outboxOf } from 'service-chassis/relational';
import config from '../database/config.ts';
import type { Tables } from '../database/tables.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `outbox`: looks at the events that the bus refused. */
await runScript(() => {
  const database = postgres<Tables>(readPart(config, process.env), { service: serviceInfo.name });
  return outbox(process.argv.slice(2), outboxOf(database)).finally(() => database.close());
});
