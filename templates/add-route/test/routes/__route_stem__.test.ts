import { expect, test } from 'vitest';
import { startService } from '../support/service.ts';
import { startUpstream } from '../support/upstream.ts';

test('__route_path__ goes to __upstream_kebab__', async () => {
  const { url, seen } = await startUpstream();
  const app = await startService({}, { __UPSTREAM___URL: url });
  const answer = await app.inject('__route_path__/1?full=yes');
  expect(answer.statusCode).toBe(200);
  expect(seen).toMatchObject([{ method: 'GET', url: '__upstream_path__/1?full=yes' }]);
});
