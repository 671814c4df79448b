import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { withOutbox } from 'service-chassis/mongodb';
import { outbox } from 'service-chassis/outbox';
import { collection } from '../database/collection.ts';
import part from '../database/config.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `outbox`: looks at the events that the bus refused. */
await runScript(() => {
  const config = readPart(part, process.env);
  return withOutbox({ service: serviceInfo.name, config, collection }, (store) =>
    outbox(process.argv.slice(2), store),
  );
});
