import { expect, test, vi } from 'vitest';
import { Gathering } from '../src/events/gathering.ts';
import { Paces } from '../src/events/paces.ts';

const turns = 8;

/** As many events as said, that came just now, of a type whose handler takes so long. */
function gathered(count: number, milliseconds: number) {
  const paces = new Paces();
  const pace = vi.spyOn(paces, 'of').mockReturnValue(milliseconds);
  const gathering = new Gathering(paces);
  for (let index = 0; index < count; index += 1)
    gathering.add({ handler: { type: 'a' }, since: performance.now() });
  return { gathering, pace };
}

test('events that are done at once share one turn', () => {
  const { gathering } = gathered(40, 0.1);
  expect(gathering.take(turns)).toHaveLength(40);
});

test('events that take a while are spread over the turns', () => {
  const { gathering } = gathered(40, 5);
  expect(gathering.take(turns)).toHaveLength(40 / turns);
});

test('a turn is neither too many events nor too long', () => {
  expect(gathered(1000, 0).gathering.take(turns)).toHaveLength(128);
  expect(gathered(1000, 50).gathering.take(turns)).toHaveLength(4);
});

test('a few wait for others for a moment, and many for nobody', () => {
  const { gathering } = gathered(0, 0);
  expect(gathering.dueIn()).toBeUndefined();
  gathering.add({ handler: { type: 'a' }, since: performance.now() });
  expect(gathering.dueIn()).toBeGreaterThan(0);
  expect(gathered(128, 0).gathering.dueIn()).toBe(0);
  const [late] = gathering.clear();
  gathering.add({ handler: { type: 'a' }, since: (late?.since ?? 0) - 100 });
  expect(gathering.dueIn()).toBe(0);
});

test('events whose handler has become slow share no more', () => {
  const { gathering, pace } = gathered(40, 1);
  expect(gathering.takeUnsuited()).toEqual([]);
  pace.mockReturnValue(1000);
  expect(gathering.takeUnsuited()).toHaveLength(40);
});
