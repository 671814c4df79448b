import path from 'node:path';
import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { postgres } from 'service-chassis/postgres';
import { migrate } from 'service-chassis/relational';
import { runMigrations } from 'service-chassis/store';
import { serviceInfo } from '../service-info.ts';
import config from './config.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
await runScript(() => {
  const database = postgres(readPart(config, process.env), { service: serviceInfo.name });
  return runMigrations(() => migrate(database, path.join(import.meta.dirname, 'migrations')));
});
