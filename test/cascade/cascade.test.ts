import { expect, test } from 'vitest';
import { runCascade } from './cascade.ts';

/** The short form; `npm run cascade` keeps to the emitted defaults, and measures times. */
const load = { ownRate: 40, chainRate: 20, calm: 5, hanging: 16, dead: 5, recovery: 30 };

test('a service that hangs, dies and returns takes along only what needs it', {
  timeout: 240_000,
}, async () => {
  const told: string[] = [];
  const tell = (line: string): void => void told.push(line);
  // All else is as emitted; that a circuit stays open for 30 seconds would only make the test longer.
  const figures = await runCascade({ ...load, policy: { CIRCUIT_OPEN_MS: '3000' }, tell });
  const seen = `${told.join('\n')}\n${JSON.stringify(figures, undefined, 2)}`;
  const { calm, hanging, dead, recoveredAfter, herd } = figures;
  expect(calm.chain.served, seen).toBeGreaterThan(load.chainRate * 2);
  for (const phase of [hanging, dead]) {
    expect(phase.own.failed, seen).toBe(0);
    expect(phase.own.answered, seen).toBeGreaterThan(load.ownRate * 2);
    expect(phase.chain.shed, seen).toBeGreaterThan(load.chainRate * 2);
    for (const [name, { openFiles }] of Object.entries(phase.peaks))
      expect(openFiles, seen).toBeLessThan((calm.peaks[name]?.openFiles ?? 0) + 150);
  }
  expect(recoveredAfter, seen).toBeGreaterThanOrEqual(0);
  expect(herd, seen).toBeLessThan(3);
});

test('with no policies, all that needs it piles up', { timeout: 240_000 }, async () => {
  // Nothing of it is asked of what comes after that.
  const piling = { ...load, hanging: 10, dead: 0, recovery: 0 };
  const { calm, hanging } = await runCascade({ ...piling, policy: 'off', tell: () => undefined });
  expect(hanging.chain).toMatchObject({ served: 0, shed: 0, failed: 0 });
  const before = calm.peaks.gateway?.openFiles ?? 0;
  const piled = load.chainRate * piling.hanging;
  expect(hanging.peaks.gateway?.openFiles).toBeGreaterThan(before + piled);
});
