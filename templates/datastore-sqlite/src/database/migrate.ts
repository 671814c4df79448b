import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { sqlite } from 'service-chassis/sqlite';
import { migrate } from 'service-chassis/relational';
import { runMigrations } from 'service-chassis/store';
import { configParts } from '../config.ts';
import { serviceInfo } from '../service-info.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
await runScript(() => {
  const config = readPart(configParts.database, process.env);
  const database = sqlite(config, { service: serviceInfo.name });
  return runMigrations(() => migrate(database, new URL('./migrations', import.meta.url)));
});
