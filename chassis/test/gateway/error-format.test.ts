import { expect, test } from 'vitest';
import { z } from 'zod';
import type { ErrorFormat } from '../../src/http/index.ts';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

/** As one team answers errors everywhere. */
const faults: ErrorFormat<{ code: string }> = {
  contentType: 'application/vnd.team.fault+json',
  schema: z.object({ code: z.string() }),
  bodyOf: ({ status }) => ({ code: `E${status}` }),
};

test('a gateway answers its own errors in the form that was chosen, and passes on those of others', async () => {
  const given = { settings: { errorFormat: faults }, environment: { RATE_LIMIT_PER_MINUTE: '1' } };
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('none here');
  });
  const gateway = await startGateway(upstream.url, given);
  const passedOn = await fetch(`${gateway.url}/api/things`);
  expect(await passedOn.text()).toBe('none here');
  const away = await startGateway('http://127.0.0.1:1', given);
  for (const status of [502, 429]) {
    const answer = await fetch(`${away.url}/api/things`);
    expect(answer.headers.get('content-type')).toBe(faults.contentType);
    expect(await answer.json()).toMatchObject({ code: `E${status}` });
  }
});
