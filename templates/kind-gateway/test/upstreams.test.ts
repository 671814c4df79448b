import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };
import { configParts } from '../src/config.ts';

test('service.json names the services that are forwarded to, which others read', () => {
  const upstreams = Object.keys(configParts).filter((key) => key.endsWith('Upstream'));
  const keys = manifest.calls.map((name: string) => `${camelCase(name)}Upstream`);
  expect(keys).toEqual(expect.arrayContaining(upstreams));
});

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
