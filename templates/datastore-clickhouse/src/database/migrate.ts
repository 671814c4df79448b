import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { migrate } from 'service-chassis/clickhouse';
import { runMigrations } from 'service-chassis/store';
import { configParts } from '../config.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
await runScript(() => {
  const options = {
    service: serviceInfo.name,
    config: readPart(configParts.database, process.env),
  };
  return runMigrations(() => migrate(options, new URL('./migrations', import.meta.url)));
});
