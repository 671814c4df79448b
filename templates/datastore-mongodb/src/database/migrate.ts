import path from 'node:path';
import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { migrate } from 'service-chassis/mongodb';
import { runMigrations } from 'service-chassis/store';
import { serviceInfo } from '../service-info.ts';
import part from './config.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
await runScript(() => {
  const config = readPart(part, process.env);
  const migrations = path.join(import.meta.dirname, 'migrations');
  return runMigrations(() => migrate({ service: serviceInfo.name, config }, migrations));
});
