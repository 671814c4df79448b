import { describe, expect, test } from 'vitest';
import { mergeText } from '../../src/three-way/text.ts';

const before = 'one\ntwo\nthree\nfour\nfive\nsix\n';
const after = 'one\ntwo\nthree\nfour\nFIVE\nsix\n';

describe('a text that two have changed', () => {
  test('takes both changes', () => {
    const present = 'one\nTWO\nthree\nfour\nfive\nsix\nseven\n';
    expect(mergeText({ before, after, present })).toBe('one\nTWO\nthree\nfour\nFIVE\nsix\nseven\n');
  });

  test('is left undecided where both changed the same line differently', () => {
    const present = before.replace('five', '5');
    expect(mergeText({ before, after, present })).toBeUndefined();
  });

  test('is taken as it is where both changed the same line alike', () => {
    expect(mergeText({ before, after, present: after })).toBe(after);
  });

  test('keeps the line ends that the person has', () => {
    const present = before.replaceAll('\n', '\r\n');
    expect(mergeText({ before, after, present })).toBe(after.replaceAll('\n', '\r\n'));
  });
});
