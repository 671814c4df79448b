import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { clientConfigSchema } from 'service-chassis/clients';
import { ShippingClient } from '../test/support/shipping-client.ts';

/**
 * To run after a deployment: asks the three probes, and whether it can read. With `--create` it also creates
 * a shipping, reads it back and deletes it; its events go out as any. Exits with 1 on failure. `SMOKE_TOKEN`
 * and the policy's variables are those of any client.
 */
const args = process.argv.slice(2);
const SMOKE_URL = args.find((arg) => arg !== '--create') ?? 'http://localhost:3000';
const config = clientConfigSchema('SMOKE').parse({ ...process.env, SMOKE_URL });
const { origin } = config;
const tools = { log: console, metrics: new Registry(), ...config };
const client = new ShippingClient(origin, tools);
try {
  for (const probe of ['startup', 'live', 'ready']) {
    const answer = await fetch(`${origin}/health/${probe}`);
    console.log(`GET /health/${probe} → ${answer.status} ${await answer.text()}`);
    if (!answer.ok) process.exitCode = 1;
  }
  const unknown = await client.getShipping(randomUUID());
  console.log('one that is not there:', unknown === undefined ? 'not found' : unknown);
  if (unknown !== undefined) process.exitCode = 1;
  if (args.includes('--create')) {
    const created = await client.createShipping(`smoke-${Date.now()}`);
    console.log('created', created);
    const found = await client.getShipping(created.id);
    console.log('read back', found);
    if (found?.reference !== created.reference) process.exitCode = 1;
    await client.deleteShipping(created);
    console.log('deleted', created.id);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.close();
}
