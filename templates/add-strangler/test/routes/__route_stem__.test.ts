import { expect, test } from 'vitest';
import { rulesFile } from '../support/rules-file.ts';
import { startService } from '../support/service.ts';
import { startUpstream } from '../support/upstream.ts';

const path = '__route_path__';
const oldPath = '__from_path__';
const newPath = '__upstream_path__';

test('__route_path__ goes to __from__ or to __to__, as the rules say', async () => {
  const [old, fresh] = [await startUpstream(), await startUpstream()];
  const rules = await rulesFile(path, { percentage: 0 });
  const environment: Record<string, string> = { ...rules.environment };
  environment.__FROM___URL = old.url;
  environment.__TO___URL = fresh.url;
  const app = await startService({}, environment);
  const ask = () => app.inject(`${path}/1?full=yes`);
  expect((await ask()).statusCode).toBe(200);
  expect(old.seen).toMatchObject([{ method: 'GET', url: `${oldPath}/1?full=yes` }]);
  await rules.set({ percentage: 100 });
  await expect
    .poll(async () => {
      await ask();
      return fresh.seen[0];
    })
    .toMatchObject({ method: 'GET', url: `${newPath}/1?full=yes` });
});
