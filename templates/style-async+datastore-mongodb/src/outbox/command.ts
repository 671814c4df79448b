import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { withOutbox } from 'service-chassis/mongodb';
import { outbox } from 'service-chassis/outbox';
import { configParts } from '../config.ts';
import { collection } from '../database/repository.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `outbox`: looks at the events that the bus refused. */
await runScript(() => {
  const config = readPart(configParts.database, process.env);
  return withOutbox({ service: serviceInfo.name, config, collection }, (store) =>
    outbox(process.argv.slice(2), store),
  );
});
