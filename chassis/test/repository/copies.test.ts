import { cp, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NamedError } from '../../src/copies/index.ts';
import * as packaged from '../../src/resilience/index.ts';

let folder: string;
let ejected: typeof packaged;

/** A second copy of the code, as an ejected part is one. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(import.meta.dirname, '../../copy-'));
  await cp(path.join(import.meta.dirname, '../../src'), folder, { recursive: true });
  ejected = await import(path.join(folder, 'resilience/index.ts'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('of two copies of the chassis in one process', () => {
  test('each knows the errors of the other, and what they are of', () => {
    const error = new ejected.CircuitOpenError('prices', 10);
    expect(ejected.CircuitOpenError).not.toBe(packaged.CircuitOpenError);
    expect(error).toBeInstanceOf(packaged.CircuitOpenError);
    expect(error).toBeInstanceOf(packaged.UnavailableError);
    expect(error).not.toBeInstanceOf(packaged.BulkheadFullError);
    expect(new packaged.UnavailableError('prices', 'it is down', 1)).not.toBeInstanceOf(
      ejected.CircuitOpenError,
    );
  });

  test('a class of the same name that is not of the chassis is another', () => {
    class TimeoutError extends Error {}
    expect(new TimeoutError('theirs')).not.toBeInstanceOf(packaged.TimeoutError);
    for (const other of [undefined, null, 'text', {}, new Error('any')])
      expect(other instanceof NamedError, String(other)).toBe(false);
  });

  test('a deadline that one has set is kept by the other', () => {
    const deadline = { at: performance.now() - 1, signal: new AbortController().signal };
    packaged.runUntil(deadline, () => {
      expect(ejected.currentDeadline()).toBe(deadline);
      expect(() => ejected.requireTimeLeft()).toThrow(packaged.DeadlineExceededError);
    });
  });

  test('the policies of both are seen among the metrics of the process', async () => {
    const metrics = new Registry();
    const log = { warn: () => undefined };
    for (const [name, { Policy }] of Object.entries({ packaged, ejected })) {
      const policy = new Policy(name, () => 'failure', { log, metrics });
      expect(await policy.execute(async () => 'done', false)).toBe('done');
    }
    const text = await metrics.metrics();
    for (const name of ['packaged', 'ejected'])
      expect(text).toContain(`dependency_calls_total{dependency="${name}",outcome="success"} 1`);
  });
});
