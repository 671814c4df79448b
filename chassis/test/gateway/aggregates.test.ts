import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { aggregate } from '../../src/gateway/index.ts';
import { defaultPolicyOptions } from '../../src/resilience/index.ts';
import { buildGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';
import { startUpstream } from '../support/upstream.ts';

interface Overview {
  readonly parts: Readonly<Record<string, unknown>>;
  readonly missing: readonly { readonly part: string; readonly reason: string }[];
}

async function overviewIn(response: Response): Promise<Overview> {
  return JSON.parse(await response.text());
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const says =
  (value: unknown): Answer =>
  (_request, response) =>
    response.end(JSON.stringify(value));
const answers =
  (status: number): Answer =>
  (_request, response) =>
    response.writeHead(status).end('{}');
const hangs: Answer = () => undefined;
const breaks: Answer = (incoming) => void incoming.socket.destroy();

interface Options {
  readonly required?: boolean;
  readonly isPublic?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A gateway whose `/api/overview/:id` has the parts `first` and `second`. */
async function startAggregate(
  first: Answer,
  second: Answer,
  { required = false, isPublic = true, environment = {} }: Options = {},
) {
  const app = await buildGateway(environment);
  const [one, two] = [await startUpstream(first), await startUpstream(second)];
  const policy = { ...defaultPolicyOptions, attempts: 1, attemptTimeout: 300, failuresToOpen: 2 };
  aggregate(app, {
    path: '/api/overview/:id',
    isPublic,
    parts: {
      first: {
        upstream: app.upstream({ name: 'first', origin: one.url, policy }),
        path: ({ id }) => `/firsts/${id}`,
        required: false,
      },
      second: {
        upstream: app.upstream({ name: 'second', origin: two.url, policy }),
        path: ({ id }) => `/seconds/${id}?full=yes`,
        required,
      },
    },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${url}/api/overview/7`, one, two };
}

test('all parts are asked at once, and come in one answer', async () => {
  const waiting: ServerResponse[] = [];
  const waits: Answer = (_request, response) => void waiting.push(response);
  const { url, one, two } = await startAggregate(waits, waits);
  const answered = fetch(url.replace('/7', '/a%20b'));
  await vi.waitUntil(() => waiting.length === 2);
  for (const response of waiting) response.end('{"a":1}');
  const answer = await answered;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    parts: { first: { a: 1 }, second: { a: 1 } },
    missing: [],
  });
  expect(one.seen[0]?.url).toBe('/firsts/a%20b');
  expect(two.seen[0]?.url).toBe('/seconds/a%20b?full=yes');
});

const large: Answer = (_request, response) => response.end(`"${'x'.repeat(2_000_000)}"`);
const stalls: Answer = (_request, response) => void response.writeHead(200).write('{');

test.each([
  ['timeout', 'that does not answer in time', hangs],
  ['unavailable', 'that breaks the connection', breaks],
  ['unavailable', 'that fails', answers(500)],
  ['not found', 'that has none', answers(404)],
  ['refused', 'that refuses', answers(403)],
  ['refused', 'that leads elsewhere', answers(302)],
  ['not understood', 'that does not speak JSON', (_request, response) => response.end('<p>')],
  ['not understood', 'that says more than anybody reads', large],
] as [string, string, Answer][])(
  '%s: a part %s is said to be missing',
  async (reason, _why, answer) => {
    const { url } = await startAggregate(says('here'), answer);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      parts: { first: 'here' },
      missing: [{ part: 'second', reason }],
    });
  },
);

test('a part whose answer begins and does not go on is missing', { timeout: 30_000 }, async () => {
  const { url } = await startAggregate(says('here'), stalls);
  const { missing } = await overviewIn(await fetch(url));
  expect(missing).toEqual([{ part: 'second', reason: 'timeout' }]);
});

test('a part that is known to be down is not waited for, and takes no other along', async () => {
  const { url, two } = await startAggregate(says('here'), answers(500));
  for (let call = 0; call < 3; call += 1) {
    const { parts, missing } = await overviewIn(await fetch(url));
    expect([parts, missing]).toEqual([
      { first: 'here' },
      [{ part: 'second', reason: 'unavailable' }],
    ]);
  }
  expect(two.seen).toHaveLength(2);
});

test('without any part that may be missing the answer is empty, and says so', async () => {
  const { url } = await startAggregate(answers(500), breaks);
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect((await overviewIn(answer)).missing).toHaveLength(2);
});

test.each([
  [503, 'does not answer in time', hangs],
  [503, 'is too busy', answers(503)],
  [502, 'fails', answers(500)],
  [502, 'breaks the connection', breaks],
  [502, 'is not understood', (_request, response) => response.end('<p>')],
  [404, 'has none', answers(404)],
  [403, 'refuses the caller', answers(403)],
] as [number, string, Answer][])('%i when a required part %s', async (status, _why, answer) => {
  const { url } = await startAggregate(says('here'), answer, { required: true });
  const response = await fetch(url);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  if (status === 503) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('parts are asked in the name of the caller, for their own whole content', async () => {
  const { environment, token } = await startIssuer();
  const { url, one } = await startAggregate(says(1), says(2), { isPublic: false, environment });
  expect((await fetch(url)).status).toBe(401);
  expect(one.seen).toEqual([]);
  const authorization = `Bearer ${await token()}`;
  const headers = {
    authorization,
    accept: 'text/html',
    'if-none-match': '"1"',
    range: 'bytes=0-1',
    'x-request-id': 'abc',
  };
  expect((await fetch(url, { headers })).status).toBe(200);
  expect(one.seen[0]?.headers).toMatchObject({
    authorization,
    accept: 'application/json',
    'x-request-id': 'abc',
    'x-forwarded-for': '127.0.0.1',
  });
  for (const name of ['if-none-match', 'range', 'accept-encoding'])
    expect(one.seen[0]?.headers, name).not.toHaveProperty(name);
});

test('a caller who goes away ends the requests for all parts', async () => {
  const { url, one, two } = await startAggregate(hangs, hangs);
  const outgoing = request(url).end();
  outgoing.on('error', () => undefined);
  await vi.waitUntil(() => one.seen.length + two.seen.length === 2);
  outgoing.destroy();
  await expect.poll(() => one.sockets.size + two.sockets.size).toBe(0);
});
