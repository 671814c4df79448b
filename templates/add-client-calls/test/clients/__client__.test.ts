import { Registry } from 'prom-client';
import { HttpClient } from 'service-chassis/clients';
import {
  CircuitOpenError,
  DeadlineExceededError,
  type PolicyOptions,
  TimeoutError,
} from 'service-chassis/resilience';
import { type Fault, faults, startFaultyServer, status } from 'service-chassis/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startApiStandIn } from '../../development/api-stand-in.ts';
import { __ClientType__ } from '../../src/clients/__client__/client.ts';
import { InvalidAnswerError } from '../../src/clients/invalid-answer-error.ts';
import { __clientKey__Calls as calls } from '../support/__client__-calls.ts';
import { startService } from '../support/service.ts';

const [first] = calls;
const once = { attempts: 1 };

function clientOf(origin: string, policy: Partial<PolicyOptions> = once) {
  const tools = { log: { warn: () => undefined }, metrics: new Registry(), policy };
  const http = new HttpClient('upstream', origin, tools);
  onTestFinished(() => http.close());
  return new __ClientType__(http);
}

async function startUpstream(treatment: Fault) {
  const upstream = await startFaultyServer(treatment);
  onTestFinished(() => upstream.close());
  return upstream;
}

async function startStandIn(): Promise<string> {
  const standIn = await startApiStandIn('__client__');
  onTestFinished(() => standIn.stop());
  return standIn.origin;
}

test.for(calls)('$name is answered as the document says', async ({ run }) => {
  const answer = await run(clientOf(await startStandIn()));
  expect(answer.status).toBeGreaterThanOrEqual(200);
});

const refusable = calls.flatMap(({ name, run, wrong }) => (wrong ? { name, run, wrong } : []));

test.for(refusable)('$name refuses what the document does not allow', async ({ run, wrong }) => {
  const { origin } = await startUpstream((response) =>
    response.writeHead(wrong.status).end(JSON.stringify(wrong.body)),
  );
  await expect(run(clientOf(origin))).rejects.toBeInstanceOf(InvalidAnswerError);
});

test('a call that is not answered in time ends', async () => {
  const { origin } = await startUpstream(faults.hangs);
  const client = clientOf(origin, { ...once, attemptTimeout: 50 });
  await expect(first.run(client)).rejects.toBeInstanceOf(TimeoutError);
});

test('a call ends when its caller does not want the answer any more', async () => {
  const { origin } = await startUpstream(faults.hangs);
  const call = first.run(clientOf(origin), { timeout: 50 });
  await expect(call).rejects.toBeInstanceOf(DeadlineExceededError);
});

test('after failures the service is not called for a while', async () => {
  const { origin, seen } = await startUpstream(status(503));
  const client = clientOf(origin, { ...once, failuresToOpen: 1 });
  await expect(first.run(client)).rejects.toMatchObject({ status: 503 });
  await expect(first.run(client)).rejects.toBeInstanceOf(CircuitOpenError);
  expect(seen).toHaveLength(1);
});

test('the service is called where the configuration says, with its credentials', async () => {
  const { origin, seen } = await startUpstream(status(404));
  const environment = {
    __CLIENT___URL: origin,
    __CLIENT___TOKEN: 'secret',
  };
  const app = await startService({}, environment);
  const client = app.__clientKey__;
  await expect(first.run(client)).rejects.toMatchObject({ status: 404 });
  expect(seen[0]?.headers.authorization).toBe('Bearer secret');
});
