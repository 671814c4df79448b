import fs from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import os from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import type { UpstreamConfig } from '../../src/gateway/index.ts';
import { defaultPolicyOptions } from '../../src/resilience/index.ts';
import {
  type StranglerConfig,
  shadowConfig,
  strangle,
  strangler,
  stranglerConfig,
} from '../../src/strangler/index.ts';
import { buildGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

/** How a side treats a request. */
export type Treatment = (request: IncomingMessage, response: ServerResponse) => void;

/** The route that these tests strangle. */
export const route = '/strangled';

/** Answers with some JSON. */
export function says(body: unknown, status = 200): Treatment {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** A side: an upstream that treats requests as told at the moment, and what it was asked. */
async function startSide(treatment: Treatment) {
  const side = { treatment };
  const upstream = await startUpstream((request, response) => {
    request.resume();
    side.treatment(request, response);
  });
  return Object.assign(side, upstream);
}

interface Parts {
  readonly strangler: StranglerConfig;
}

/** What a test of a strangled route starts from. */
interface Given {
  readonly rule: object;
  readonly old?: Treatment;
  readonly fresh?: Treatment;
  readonly oldPath?: string;
  readonly policy?: Partial<UpstreamConfig['policy']>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The gateway with one more route, which is strangled, in front of two servers; all of it real. */
export async function startStrangled({ rule, policy, environment, ...given }: Given) {
  const old = await startSide(given.old ?? says({ side: 'old' }));
  const fresh = await startSide(given.fresh ?? says({ side: 'new' }));
  const rules = await rulesFile(route, rule);
  const variables = { RATE_LIMIT_PER_MINUTE: '0', ...rules.environment, ...environment };
  const { strangler: limits } = readConfig<Parts>({ strangler: stranglerConfig('/') }, variables);
  const app = await buildGateway(variables);
  await app.register(strangler, limits);
  const upstream = (name: string, { url }: { url: string }): UpstreamConfig => ({
    name,
    origin: url,
    policy: { ...defaultPolicyOptions, running: 100, waiting: 200, backoffBase: 1, ...policy },
  });
  const [from, to] = [upstream('old-side', old), upstream('new-side', fresh)];
  app.register(async (scope) =>
    strangle(scope, {
      path: route,
      isPublic: true,
      old: { upstream: app.upstream(from), path: given.oldPath ?? '/was' },
      new: { upstream: app.upstream(to), path: '/is' },
      shadow: app.upstream(shadowConfig(to, limits.shadow)),
    }),
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await vi.waitFor(async () => {
    const { statusCode, body } = await app.inject('/health/ready');
    if (statusCode !== 200) throw new Error(body);
  }, 10_000);
  /** One sample, as a monitoring system reads it; 0 of one that is not there yet. */
  const metric = async (sample: string): Promise<number> => {
    const lines = (await app.metrics.metrics()).split('\n');
    return Number(
      lines
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };
  return { app, url: `${url}${route}`, old, fresh, setRule: rules.set, file: rules.file, metric };
}

/** A rules file for a test. */
async function rulesFile(path: string, rule: object) {
  const folder = await fs.mkdtemp(join(os.tmpdir(), 'strangler-'));
  onTestFinished(() => fs.rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'rules.json');
  const set = (changed: object) => fs.writeFile(file, JSON.stringify({ [path]: changed }));
  await set(rule);
  const environment = { STRANGLER_RULES: file, STRANGLER_RULES_INTERVAL_MS: '10' };
  return { file, environment, set };
}

/** The side that answered. */
export async function sideAt(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  const body: unknown = await answer.json();
  const isNamed = typeof body === 'object' && body !== null && 'side' in body;
  return isNamed ? String(body.side) : `status ${answer.status}`;
}
