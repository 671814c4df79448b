import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { sqlite } from 'service-chassis/sqlite';
import { outbox } from 'service-chassis/outbox';
import { outboxOf } from 'service-chassis/relational';
import { configParts } from '../config.ts';
import type { Tables } from '../database/tables.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `outbox`: looks at the events that the bus refused. */
await runScript(() => {
  const config = readPart(configParts.database, process.env);
  const database = sqlite<Tables>(config, { service: serviceInfo.name });
  return outbox(process.argv.slice(2), outboxOf(database)).finally(() => database.close());
});
