import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../support/cli.ts';
import { layAll, type Planned } from './planned.ts';
import type { Limits } from './read-limits.ts';

/** How many connections a server takes as it is installed, less those that it keeps for its administrators. */
const placesOf: Readonly<Record<string, number>> = { postgres: 100 - 3, mysql: 151 - 1 };

let services: readonly (Planned & Limits)[];

beforeAll(async () => {
  const root = await fs.mkdtemp(path.join(process.env.TMPDIR ?? '/tmp', 'create-service-budgets-'));
  try {
    const planned = await layAll(root);
    const limits = await readLimits(planned);
    services = planned.flatMap((one, index) => {
      const read = limits[index];
      return read === undefined ? [] : [{ ...one, ...read }];
    });
    expect(services).toHaveLength(planned.length);
  } finally {
    await fs.rm(root, { recursive: true, force: true });
  }
});

describe('of every combination of choices', () => {
  test('the defaults do not contradict each other, and are what .env.example says', () => {
    for (const { title, config, fromExamples } of services)
      expect(fromExamples, title).toEqual(config);
  });

  test('limits that contradict each other are refused in one sentence that names both variables', () => {
    for (const { title, budgets, refusals } of services) {
      expect(budgets.length, title).toBeGreaterThan(0);
      for (const [index, { less, than }] of budgets.entries()) {
        for (const name of variablesIn(`${less[0]} ${than[0]}`))
          expect(refusals[index], title).toMatch(new RegExp(`^  - .*${name}`, 'm'));
        expect(refusals[index], title).toContain('must be less than');
      }
    }
  });

  test('the longest work and the drain end before the process, and that before the platform kills it', () => {
    for (const { title, config, manifest, totalOfACall = 0 } of services) {
      const http = limitsOf(config.http, 'shutdownDrain', 'shutdownTimeout');
      const database = limitsOf(config.database, 'connectTimeout', 'statementTimeout');
      const request = totalOfACall + database.connectTimeout + database.statementTimeout;
      const { handlerTimeout } = limitsOf(config.events, 'handlerTimeout');
      const event = handlerTimeout + database.statementTimeout;
      const longest = http.shutdownDrain + Math.max(request, event);
      expect(longest, title).toBeLessThan(http.shutdownTimeout);
      const grace = podOf(manifest).terminationGracePeriodSeconds * 1000;
      expect(http.shutdownTimeout, title).toBeLessThan(grace);
    }
  });

  test('a statement < a transaction that waits < an attempt < all attempts < stuck', () => {
    for (const { title, config, idleTransaction, totalOfACall = 0 } of services) {
      const { statementTimeout } = limitsOf(config.database, 'statementTimeout');
      if (idleTransaction !== undefined) {
        expect(statementTimeout, title).toBeLessThan(idleTransaction);
        // A handler may call another service while its transaction is open.
        expect(totalOfACall, title).toBeLessThan(idleTransaction);
      }
      if (config.events === undefined) continue;
      const names = ['handlerTimeout', 'attempts', 'retryPause', 'stuckAfter'] as const;
      const events = limitsOf(config.events, ...names);
      expect(idleTransaction ?? statementTimeout, title).toBeLessThan(events.handlerTimeout);
      const pauses = events.retryPause * (2 ** (events.attempts - 1) - 1);
      const all = events.attempts * events.handlerTimeout + pauses;
      expect(all, title).toBeLessThan(events.stuckAfter);
    }
  });

  test('the probes wait for the checks, and the drain for the probes', () => {
    for (const { title, config, manifest, checkTimeout } of services) {
      const { readinessProbe, startupProbe, livenessProbe } = podOf(manifest).containers[0];
      expect(checkTimeout, title).toBeLessThan(readinessProbe.timeoutSeconds * 1000);
      const { periodSeconds, timeoutSeconds, failureThreshold } = readinessProbe;
      const seen = periodSeconds * failureThreshold + timeoutSeconds;
      const { shutdownDrain } = limitsOf(config.http, 'shutdownDrain');
      expect(seen * 1000, title).toBeLessThan(shutdownDrain);
      for (const probe of [readinessProbe, startupProbe, livenessProbe])
        expect(probe.httpGet.path, title).toMatch(/^\/health\/(ready|startup|live)$/);
    }
  });

  test('requests, handlers, the relay and the probe have connections, and a server has them for all', () => {
    for (const { title, chosen, config, manifest } of services) {
      const places = placesOf[chosen.datastore ?? ''];
      if (places === undefined) continue;
      const { concurrency } = limitsOf(config.events, 'concurrency');
      const { poolMax } = limitsOf(config.database, 'poolMax');
      // The relay, the service's own upkeep and, on PostgreSQL, what hears of commits.
      const events = config.events === undefined ? 0 : concurrency + 3;
      const instance = poolMax + events + 1;
      const { replicas } = deploymentOf(manifest);
      // One more while a new version is rolled out, and one that migrates.
      expect((replicas + 1) * instance + 1, title).toBeLessThan(places);
    }
  });
});

/** Asks the services' own code, in one process of the Node that they run on. */
async function readLimits(planned: readonly Planned[]): Promise<readonly Limits[]> {
  const asked = planned.map(({ folder, examples }) => {
    const required = Object.entries(examples).filter(([name]) => isAddress.test(name));
    const plain = Object.entries(examples).filter(([name]) => !hasEffects.test(name));
    return { folder, required: Object.fromEntries(required), examples: Object.fromEntries(plain) };
  });
  const node = path.join(packageRoot, 'node_modules/node/bin/node');
  const script = path.join(import.meta.dirname, 'read-limits.ts');
  const file = path.join(path.dirname(planned[0]?.folder ?? ''), 'asked.json');
  await fs.writeFile(file, JSON.stringify(asked));
  const { stdout } = await execa(node, [script, file]);
  const limits: readonly Limits[] = JSON.parse(stdout);
  return limits;
}

/** Variables without which a service does not start. */
const isAddress = /^(DATABASE|NATS|AMQP|REDIS)_URL$|^KAFKA_BROKERS$/;

/** Variables whose example is no default: files, a collector, what is only set in production. */
const hasEffects = /_FILE$|_TLS$|^KAFKA_(?!BROKERS)|^OTEL_|^JWT_|^CORS_|^TRUSTED_|^NODE_ENV$/;

function variablesIn(text: string): string[] {
  return text.match(/[A-Z]+_[A-Z_]+/g) ?? [];
}

/** The limits of a part; those that it has not are 0, which is no limit that anything fits into. */
function limitsOf<Name extends string>(
  part: Readonly<Record<string, unknown>> | undefined,
  ...names: Name[]
): Record<Name, number>;
function limitsOf(part: Readonly<Record<string, unknown>> = {}, ...names: string[]) {
  return Object.fromEntries(names.map((name) => [name, Number(part[name] ?? 0)]));
}

function deploymentOf(manifest: string) {
  const documents = parseAllDocuments(manifest).map((document) => document.toJS());
  return documents.find(({ kind }) => kind === 'Deployment').spec;
}

function podOf(manifest: string) {
  return deploymentOf(manifest).template.spec;
}
