import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cli, packageRoot, temporaryFolder, treeOf } from '../support/cli.ts';
import { edit, servicesIn } from '../support/services.ts';

const manifest: { version: string; dependencies: Record<string, string> } = JSON.parse(
  await fs.readFile(path.join(packageRoot, 'chassis/package.json'), 'utf8'),
);

/** A service, and a chassis of its own that is installed in it. */
async function serviceWithChassis() {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--style', 'both', '--datastore', 'none', '--bus', 'kafka'] });
  const cwd = path.join(root, 'orders');
  const chassis = path.join(cwd, 'node_modules/service-chassis');
  await fs.mkdir(chassis, { recursive: true });
  for (const name of ['package.json', 'src', 'test'])
    await fs.cp(path.join(packageRoot, 'chassis', name), path.join(chassis, name), {
      recursive: true,
    });
  const eject = (...args: string[]) => cli(['eject', ...args], { cwd });
  /** Without what is installed. */
  const tree = async () =>
    Object.fromEntries(
      Object.entries(await treeOf(cwd)).filter(([file]) => !file.startsWith('node_modules')),
    );
  return { cwd, chassis, eject, tree };
}

test('a part is copied, imported from where it lies, and its packages are depended on', async () => {
  const { eject, tree } = await serviceWithChassis();
  const before = await tree();
  const { exitCode, stdout } = await eject('resilience', '--no-install');
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain(`src/chassis/resilience`);
  const after = await tree();
  const own = path.join(packageRoot, 'chassis/src/resilience/bulkhead.ts');
  expect(after['src/chassis/resilience/bulkhead.ts']).toBe(await fs.readFile(own, 'utf8'));
  const sources = Object.entries(after).filter(([file]) => file.endsWith('.ts'));
  const importing = sources.filter(([, text]) => text?.includes("'service-chassis/resilience'"));
  expect(importing.map(([file]) => file).filter((file) => !file.startsWith('.create-'))).toEqual(
    [],
  );
  expect(after['src/chassis/resilience/deadline.ts']).toContain("from 'service-chassis/copies'");
  const changed = Object.keys(before).filter((file) => before[file] !== after[file]);
  for (const file of changed.filter((name) => name.endsWith('.ts')))
    expect(after[file], file).toMatch(/'(\.\.?\/)+chassis\/resilience\/index\.ts'/);
  const { dependencies } = JSON.parse(after['package.json'] ?? '');
  expect(dependencies.cockatiel).toBe(manifest.dependencies.cockatiel);
  expect(Object.keys(dependencies)).toEqual(Object.keys(dependencies).sort());
  expect(JSON.parse(after['service.json'] ?? '').ejected).toEqual([
    {
      ...{ part: 'resilience', version: manifest.version },
      ...{ dependencies: ['cockatiel'], devDependencies: ['pino'] },
    },
  ]);
});

test('its tests come with it, and are about the copy', async () => {
  const { eject, tree } = await serviceWithChassis();
  const { stdout } = await eject('resilience', '--no-install');
  expect(stdout).toContain('test/chassis/resilience/ (6 files)');
  const after = await tree();
  const laid = Object.keys(after).filter((file) => file.startsWith('test/chassis/resilience/'));
  expect(laid.filter((file) => file.endsWith('.ts'))).toEqual([
    ...['bulkhead', 'circuit-breaker', 'deadline', 'resilience'].map(
      (name) => `test/chassis/resilience/${name}.test.ts`,
    ),
    ...['policy', 'service'].map((name) => `test/chassis/resilience/support/${name}.ts`),
  ]);
  const imported = (file: string) =>
    [...(after[`test/chassis/resilience/${file}`] ?? '').matchAll(/ from '([^']+)';/g)].map(
      ([, from]) => from,
    );
  expect(imported('deadline.test.ts')).toEqual([
    ...['node:timers/promises', 'vitest', '../../../src/chassis/resilience/index.ts'],
    './support/service.ts',
  ]);
  expect(imported('support/service.ts')).toEqual([
    ...['fastify', 'vitest', 'service-chassis/config', 'service-chassis'],
  ]);
  const { devDependencies } = JSON.parse(after['package.json'] ?? '');
  expect(devDependencies.pino).toBe(manifest.dependencies.pino);
});

test('who does not use the copy is said, and who has no tests', async () => {
  const { eject } = await serviceWithChassis();
  const { notes } = JSON.parse((await eject('modules', '--no-install', '--json')).stdout);
  expect(notes).toEqual([
    'service-chassis has no tests of modules that could be copied',
    expect.stringContaining("what orders has of events, service is the package's"),
  ]);
  for (const part of ['service', 'modules', 'events']) await eject(part, '--no-install');
  await eject('modules', '--undo', '--no-install');
  const again = JSON.parse((await eject('modules', '--no-install', '--json')).stdout);
  expect(again.notes).toHaveLength(1);
});

test('what two parts need is there until both are taken back', async () => {
  const { cwd, eject, tree } = await serviceWithChassis();
  const before = await tree();
  const pinoIn = async () => {
    const text = await fs.readFile(path.join(cwd, 'package.json'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(text);
    return [dependencies.pino, devDependencies.pino];
  };
  const { pino } = manifest.dependencies;
  // The tests of the one import it, and the sources of the other.
  await eject('resilience', '--no-install');
  expect(await pinoIn()).toEqual([undefined, pino]);
  await eject('telemetry', '--no-install');
  expect(await pinoIn()).toEqual([pino, undefined]);
  await eject('telemetry', '--undo', '--no-install');
  expect(await pinoIn()).toEqual([undefined, pino]);
  await eject('telemetry', '--no-install');
  await eject('resilience', '--undo', '--no-install');
  expect(await pinoIn()).toEqual([pino, undefined]);
  await eject('telemetry', '--undo', '--no-install');
  expect(await tree()).toEqual(before);
});

test('taken back it is all as before, to the byte, in whatever order', async () => {
  const { eject, tree } = await serviceWithChassis();
  const before = await tree();
  for (const args of [['resilience'], ['signals'], ['resilience', '--undo'], ['signals', '--undo']])
    expect((await eject(...args, '--no-install')).exitCode, args.join(' ')).toBe(0);
  expect(await tree()).toEqual(before);
});

test('what a person has changed is not taken back, and is shown', async () => {
  const { cwd, eject, tree } = await serviceWithChassis();
  await eject('signals', '--no-install');
  await edit(path.join(cwd, 'src/chassis/signals/index.ts'), (text) => `${text}\n// mine\n`);
  await fs.writeFile(path.join(cwd, 'src/chassis/signals/more.ts'), 'export const more = 1;\n');
  await eject('health', '--no-install');
  await edit(path.join(cwd, 'test/chassis/health/health.test.ts'), (text) => `${text}\n// mine\n`);
  const before = await tree();
  const { exitCode, stderr } = await eject('signals', '--undo', '--no-install');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/chassis/signals/index.ts: you have changed it');
  expect(stderr).toContain('src/chassis/signals/more.ts: you have put it there');
  const ofTests = await eject('health', '--undo', '--no-install');
  expect(ofTests.exitCode).toBe(1);
  expect(ofTests.stderr).toContain('test/chassis/health/health.test.ts: you have changed it');
  expect(await tree()).toEqual(before);
});

test('what relies on the inside of a part keeps it from being taken back', async () => {
  const { cwd, eject } = await serviceWithChassis();
  await eject('resilience', '--no-install');
  const mine =
    "import { Bulkhead } from '../chassis/resilience/bulkhead.ts';\nexport { Bulkhead };\n";
  await fs.writeFile(path.join(cwd, 'src/domain/mine.ts'), mine);
  const { exitCode, stderr } = await eject('resilience', '--undo');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('src/domain/mine.ts: it imports what');
});

test('what a newer chassis has changed of an ejected part is shown as a patch', async () => {
  const { cwd, chassis, eject } = await serviceWithChassis();
  await eject('signals', '--no-install');
  expect((await eject('signals', '--diff')).stdout).toBe(
    `service-chassis ${manifest.version} has signals as ${manifest.version} had it.`,
  );
  await edit(path.join(chassis, 'package.json'), (text) =>
    text.replace(/"version": "[^"]+"/, '"version": "9.9.9"'),
  );
  await edit(path.join(chassis, 'src/signals/index.ts'), (text) => `${text}// newer\n`);
  await fs.mkdir(path.join(chassis, 'test/signals'));
  await fs.writeFile(
    path.join(chassis, 'test/signals/signals.test.ts'),
    "import '../../src/signals/index.ts';\n",
  );
  const { stdout } = await eject('signals', '--diff');
  expect(stdout).toMatch(/\+\+\+ b\/src\/chassis\/signals\/index\.ts.*\n\+\/\/ newer/s);
  expect(stdout).toContain("\n+import '../../../src/chassis/signals/index.ts';");
  await execa('git', ['apply', '-'], { cwd, input: `${stdout}\n` });
  expect(await fs.readFile(path.join(cwd, 'src/chassis/signals/index.ts'), 'utf8')).toContain(
    '// newer',
  );
  const { since, version, changes } = JSON.parse(
    (await eject('signals', '--diff', '--json')).stdout,
  );
  expect({ since, version, changes: changes.length }).toEqual({
    ...{ since: manifest.version, version: '9.9.9', changes: 2 },
  });
});

test('what is added later imports an ejected part from where it lies', async () => {
  const { cwd, eject } = await serviceWithChassis();
  await eject('events', '--no-install');
  const { exitCode, stderr } = await cli(['add', 'event', 'order-shipped'], { cwd });
  expect(exitCode, stderr).toBe(0);
  const schema = path.join(cwd, 'src/events/schemas/order-shipped.v1.ts');
  expect(await fs.readFile(schema, 'utf8')).toContain("from '../../chassis/events/index.ts'");
});

test.each([
  [[], 'Which part shall be ejected is missing; there are: api, '],
  [['signal'], '"signal" is no part of service-chassis that can be ejected; what can be: api, '],
  [['signals', 'events'], 'One part is expected, but "events" follows "signals".'],
  [['signals', '--undo'], 'orders has no part of service-chassis as its own.'],
  [['../../etc', '--undo'], 'orders has no part of service-chassis as its own.'],
  [['copies'], '"copies" is no part of service-chassis that can be ejected'],
])('%j is refused in a sentence, and nothing changes', async (args, sentence) => {
  const { eject, tree } = await serviceWithChassis();
  const before = await tree();
  const { exitCode, stderr } = await eject(...args);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(sentence);
  expect(exitCode).toBe(2);
  expect(await tree()).toEqual(before);
});

test('what stands where a part or its tests would go is left alone', async () => {
  const { cwd, eject, tree } = await serviceWithChassis();
  await fs.mkdir(path.join(cwd, 'test/chassis/health'), { recursive: true });
  await fs.writeFile(path.join(cwd, 'test/chassis/health/mine.test.ts'), '// mine\n');
  const before = await tree();
  const { exitCode, stderr } = await eject('health');
  expect(stderr).toContain('test/chassis/health already exists.');
  expect(exitCode).not.toBe(0);
  expect(await tree()).toEqual(before);
});

test('where the chassis is not installed, that is said', async () => {
  const { cwd, eject } = await serviceWithChassis();
  await fs.rm(path.join(cwd, 'node_modules'), { recursive: true });
  const { exitCode, stderr } = await eject('signals');
  expect({ exitCode, stderr }).toEqual({
    ...{ exitCode: 2, stderr: expect.stringContaining('service-chassis is not installed here') },
  });
});
