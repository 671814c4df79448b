import { Registry } from 'prom-client';
import { clientConfigSchema } from 'service-chassis/clients';
import { ShippingClient } from '../src/clients/shipping-client.ts';

/**
 * After a deployment: asks the three probes, creates one, reads it back and deletes it. Exits with 1
 * on failure. `SMOKE_TOKEN` and the variables of the policy are read as for any client.
 */
const SMOKE_URL = process.argv[2] ?? 'http://localhost:3000';
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
  const created = await client.create(`smoke-${Date.now()}`);
  console.log('created', created);
  const found = await client.read(created.id);
  console.log('read back', found);
  if (found?.reference !== created.reference) process.exitCode = 1;
  await client.delete(created);
  console.log('deleted', created.id);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await client.close();
}
