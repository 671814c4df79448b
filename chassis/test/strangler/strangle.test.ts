import fs from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { callerCookie } from '../../src/strangler/caller.ts';
import { route, says, sideAt, startStrangled, type Treatment } from './strangled.ts';

const caller = { header: 'x-caller' };

function by(name: string | number): RequestInit {
  return { headers: { 'x-caller': String(name) } };
}

/** Runs something for each number below, so many at once. */
async function inParallel(count: number, atOnce: number, run: (index: number) => Promise<void>) {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await run(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

test('each side is asked for what the route is there, and the caller sees its answer', async () => {
  const { url, old, fresh, setRule } = await startStrangled({ rule: { percentage: 0 } });
  expect(await sideAt(`${url}/1?x=%20y`)).toBe('old');
  await setRule({ percentage: 100 });
  await expect.poll(() => sideAt(`${url}/2?x=%20y`)).toBe('new');
  expect(old.seen[0]?.url).toBe('/was/1?x=%20y');
  expect(fresh.seen[0]?.url).toBe('/is/2?x=%20y');
});

test('a side may be asked for all that it has', async () => {
  const { url, old } = await startStrangled({ rule: { percentage: 0 }, oldPath: '' });
  for (const rest of ['', '?x=1', '/', '/1?x=1']) expect(await sideAt(url + rest)).toBe('old');
  expect(old.seen.map((request) => request.url)).toEqual(['/', '/?x=1', '/', '/1?x=1']);
});

test('of 10,000 requests the part goes to the new side that the rule says, within 2 points', {
  timeout: 120_000,
}, async () => {
  const { url, metric } = await startStrangled({ rule: { percentage: 30, caller } });
  const counts = { old: 0, new: 0 };
  await inParallel(10_000, 50, async (index) => {
    counts[(await sideAt(url, by(index))) === 'new' ? 'new' : 'old'] += 1;
  });
  expect(Math.abs(counts.new - 3000)).toBeLessThan(200);
  const answered = (side: string) =>
    metric(`strangler_requests_total{route="${route}",side="${side}",outcome="success"}`);
  await expect
    .poll(async () => [await answered('old'), await answered('new')])
    .toEqual([counts.old, counts.new]);
});

test('a caller stays at its side, and goes only forward when the percentage is raised', async () => {
  const { url, setRule, app } = await startStrangled({ rule: { percentage: 0, caller } });
  const callers = Array.from({ length: 100 }, (_, index) => `caller-${index}`);
  let before = new Set<string>();
  for (const percentage of [10, 40, 70, 100]) {
    await setRule({ percentage, caller });
    await expect.poll(() => app.strangler.rules.ruleOf(route).percentage).toBe(percentage);
    const now = new Set<string>();
    for (const name of callers) {
      const sides = [await sideAt(url, by(name)), await sideAt(url, by(name))];
      expect(sides[0]).toBe(sides[1]);
      if (sides[0] === 'new') now.add(name);
    }
    expect([...before].filter((name) => !now.has(name))).toEqual([]);
    before = now;
  }
  expect(before.size).toBe(100);
});

test('a browser is given a cookie once, and stays at its side with it', async () => {
  const { url } = await startStrangled({ rule: { percentage: 50 } });
  const first = await fetch(url, { headers: { accept: 'text/html' } });
  const [cookie = ''] = first.headers.getSetCookie();
  expect(cookie).toMatch(/^strangler-caller=[0-9a-f-]{36}; .*HttpOnly; SameSite=Lax$/);
  const { side } = JSON.parse(await first.text());
  for (let i = 0; i < 10; i += 1) {
    const again = await fetch(url, {
      headers: { accept: 'text/html', cookie: cookie.split(';')[0] ?? '' },
    });
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(await again.json()).toEqual({ side });
  }
});

test("the gateway's cookie comes beside those of the side that answers, and only while it is needed", async () => {
  const answer: Treatment = (request, response) => {
    response.setHeader('set-cookie', ['session=1', 'theme=dark']);
    says({ side: 'either' })(request, response);
  };
  const { url, app, setRule } = await startStrangled({
    rule: { percentage: 0 },
    old: answer,
    fresh: answer,
  });
  const before = await fetch(url, { headers: { 'sec-fetch-mode': 'navigate' } });
  expect(before.headers.getSetCookie()).toHaveLength(2);
  await setRule({ percentage: 50 });
  await expect.poll(() => app.strangler.rules.ruleOf(route).percentage).toBe(50);
  const { headers } = await fetch(url, { headers: { 'sec-fetch-mode': 'navigate' } });
  const names = headers.getSetCookie().map((cookie) => cookie.split('=')[0]);
  expect(names.sort()).toEqual(['session', callerCookie, 'theme']);
});

test('exceptions by path, header and cookie decide before the percentage', async () => {
  const exceptions = [
    { side: 'old', when: { path: `${route}/reports` } },
    { side: 'new', when: { headers: { 'x-preview': 'yes' } } },
    { side: 'new', when: { cookies: { beta: '1' } } },
  ];
  const { url } = await startStrangled({ rule: { percentage: 0, exceptions } });
  expect(await sideAt(url)).toBe('old');
  expect(await sideAt(url, { headers: { 'x-preview': 'yes' } })).toBe('new');
  expect(await sideAt(url, { headers: { 'x-preview': 'yes, yes' } })).toBe('old');
  expect(await sideAt(url, { headers: { cookie: 'alpha=1; beta=1' } })).toBe('new');
  expect(await sideAt(`${url}/reports/1`, { headers: { 'x-preview': 'yes' } })).toBe('old');
});

test('a body flows to either side', async () => {
  const { url, setRule } = await startStrangled({
    rule: { percentage: 100 },
    fresh: (request, response) => void request.pipe(response),
  });
  const body = 'x'.repeat(200_000);
  expect(await (await fetch(url, { method: 'POST', body })).text()).toBe(body);
  await setRule({ percentage: 0 });
  await expect.poll(() => sideAt(url, { method: 'POST', body })).toBe('old');
});

test('rules that change under load drop no request, whichever way the file is changed', {
  timeout: 60_000,
}, async () => {
  const { url, file, app, metric } = await startStrangled({ rule: { percentage: 0, caller } });
  const rules = JSON.parse(await fs.readFile(file, 'utf8'));
  const textOf = (percentage: number) =>
    JSON.stringify({ ...rules, [route]: { percentage, caller } });
  const ways: ((percentage: number) => Promise<void>)[] = [
    (percentage) => fs.writeFile(file, textOf(percentage)),
    async (percentage) => {
      await fs.writeFile(`${file}.new`, textOf(percentage));
      await fs.rename(`${file}.new`, file);
    },
    async (percentage) => {
      await fs.writeFile(`${file}.${percentage}`, textOf(percentage));
      await fs.symlink(`${file}.${percentage}`, `${file}.link`);
      await fs.rename(`${file}.link`, file);
    },
    async () => fs.writeFile(file, '{ "half'),
  ];
  let done = false;
  const answers = { old: 0, new: 0 };
  const load = Array.from({ length: 20 }, async (_, worker) => {
    for (let index = 0; !done; index += 1) {
      const answer = await fetch(url, by(`${worker}-${index % 50}`));
      const { side } = JSON.parse(await answer.text());
      expect(answer.status).toBe(200);
      expect(['old', 'new']).toContain(side);
      answers[side === 'new' ? 'new' : 'old'] += 1;
    }
  });
  const current = () => app.strangler.rules.ruleOf(route).percentage;
  for (let change = 0; change < 60; change += 1) {
    const way = ways[change % ways.length];
    const percentage = (change * 37) % 101;
    const refused = await metric('strangler_rules_total{result="refused"}');
    // Through a link that is left from before, the file behind it would be written.
    if (change % ways.length === 0) await fs.rm(file, { force: true });
    await way?.(percentage);
    if (change % ways.length === 3) {
      await expect
        .poll(() => metric('strangler_rules_total{result="refused"}'), { interval: 10 })
        .toBeGreaterThan(refused);
    } else await expect.poll(current, { interval: 10 }).toBe(percentage);
  }
  done = true;
  await Promise.all(load);
  expect(answers.old).toBeGreaterThan(100);
  expect(answers.new).toBeGreaterThan(100);
});

test('rules that are no rules are kept out, and a metric says so until they are mended', async () => {
  const { url, file, setRule, metric } = await startStrangled({ rule: { percentage: 100 } });
  expect(await metric('strangler_rules_valid')).toBe(1);
  await fs.writeFile(file, '{"/strangled":{"percentage":1000}}');
  await expect.poll(() => metric('strangler_rules_valid')).toBe(0);
  expect(await metric(`strangler_percentage{route="${route}"}`)).toBe(100);
  expect(await sideAt(url)).toBe('new');
  await setRule({ percentage: 0 });
  await expect.poll(() => metric('strangler_rules_valid')).toBe(1);
  expect(await sideAt(url)).toBe('old');
});

test('what the callers send that rules look at may be anything', async () => {
  const rule = { percentage: 50, caller: { header: 'x-caller', cookie: 'session' } };
  const { url } = await startStrangled({ rule });
  const hostile: Record<string, string>[] = [
    { 'x-caller': '\u00ff'.repeat(4000) },
    { 'x-caller': '' },
    { authorization: 'Bearer ..' },
    { authorization: `Bearer a.${'A'.repeat(6000)}.c` },
    { cookie: ';;;==;__proto__=1;session' },
    { cookie: `strangler-caller=${"'".repeat(4000)}` },
    { 'sec-fetch-mode': '\u00ff', cookie: 'strangler-caller=a b' },
  ];
  for (const headers of hostile) {
    expect(['old', 'new']).toContain(await sideAt(url, { headers }));
    await nextTurn();
  }
});
