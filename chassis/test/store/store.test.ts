import { expect, test } from 'vitest';
import { InProcessBus } from '../../src/development/index.ts';
import { type Events, messageOf } from '../../src/events/index.ts';
import {
  compareHistory,
  DatabaseError,
  type FailureKind,
  inMemory,
  inMemoryWithEvents,
  isOutage,
  RefusedWrites,
  type UnitOfWorkGate,
  VersionConflictError,
} from '../../src/store/index.ts';
import { answerTo } from '../support/answer-to.ts';
import { newEvent, orderRequested } from '../support/events.ts';

test.each<[FailureKind, number, boolean]>([
  ['connection', 503, true],
  ['read-only', 503, true],
  ['disk-full', 503, true],
  ['pool', 503, false],
  ['deadlock', 503, false],
  ['statement-timeout', 503, false],
  ['transaction-timeout', 500, false],
  ['constraint', 500, false],
  ['other', 500, false],
])('a failure of the database of kind %s is %i', async (kind, status, outage) => {
  const [answered, retryAfter] = await answerTo(new DatabaseError(kind, 'failed'));
  expect(answered).toBe(status);
  expect(Number(retryAfter) > 0).toBe(status === 503);
  expect(isOutage(kind)).toBe(outage);
});

test('a write that lost against another is 409', async () => {
  expect(await answerTo(new VersionConflictError('1'))).toEqual([409, undefined]);
});

test('a write that was refused a moment ago is remembered, as no question finds it out', () => {
  const refused = new RefusedWrites('disk-full');
  refused.note(new DatabaseError('constraint', 'taken'));
  refused.check();
  refused.note(new DatabaseError('disk-full', 'no space left'));
  expect(() => refused.check()).toThrow('no space left');
});

test('migrations that a newer version has applied are no fault; an edited one is', () => {
  const one = { name: '0001-a', checksum: '1' };
  const two = { name: '0002-b', checksum: '2' };
  expect(compareHistory([one], [one, two])).toEqual({ pending: [], ahead: ['0002-b'] });
  expect(compareHistory([one, two], [one])).toEqual({ pending: [two], ahead: [] });
  expect(() => compareHistory([one], [{ ...one, checksum: 'x' }])).toThrow('was edited');
  expect(() => compareHistory([one, two], [two])).toThrow('would come before');
});

/** A unit of work that keeps numbers in memory. */
function numbers(kept: number[], gate: UnitOfWorkGate) {
  return {
    add(number: number): void {
      gate.requireOpen();
      kept.push(number);
    },
  };
}

test('a unit of work in memory can change nothing once it is over', async () => {
  const kept: number[] = [];
  const memory = inMemory((gate) => numbers(kept, gate));
  const work = await memory.transaction(async (given) => {
    given.add(1);
    return given;
  });
  expect(() => work.add(2)).toThrow('the unit of work is over');
  expect(kept).toEqual([1]);
});

test('events of a unit of work in memory go out when it is done, and not when it fails', async () => {
  const bus = new InProcessBus();
  const events: Events = {
    maxEventBytes: 1000,
    messageOf: (event) => messageOf(event),
    publish: (messages) => bus.publish(messages),
  };
  const memory = inMemoryWithEvents(
    () => events,
    (_gate, publish) => publish,
  );
  const announce = (reference: string) => newEvent(orderRequested, reference, { reference });
  await memory.transaction((publish) => publish(announce('done')));
  const failing = memory.transaction(async (publish) => {
    await publish(announce('failed'));
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(bus.published.map(({ key }) => key)).toEqual(['done']);
});
