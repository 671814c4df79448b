import { runScript } from 'service-chassis';
import { readPart } from 'service-chassis/config';
import { backUp } from 'service-chassis/sqlite';
import { configParts } from '../config.ts';

/** The script `backup`: copies the database to the file that it is given, while the service goes on. */
await runScript(async () => {
  const [target] = process.argv.slice(2);
  if (target === undefined) {
    console.error('Usage: backup FILE');
    return 2;
  }
  await backUp(readPart(configParts.database, process.env), target);
  console.log(target);
  return 0;
});
