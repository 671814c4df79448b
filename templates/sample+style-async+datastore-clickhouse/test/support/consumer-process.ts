import { InProcessBus } from '../../development/in-process-bus.ts';
import { loadConfig } from '../../src/config.ts';
import { buildService } from '../../src/service.ts';
import { requests } from './requests.ts';

/**
 * The service in a process of its own, to be killed: delivers the requests to itself, and says each
 * time that one was handled.
 */
const bus = new InProcessBus();
const config = await loadConfig(process.env);
const app = await buildService({ config, bus });
app.addHook('onReady', async () => undefined);
await app.ready();
while ((await app.inject('/health/ready')).statusCode !== 200)
  await new Promise((resolve) => setTimeout(resolve, 50));
const [first, ...others] = requests(Number(process.argv[2]));
await bus.publish(first === undefined ? [] : [first]);
const handled = setInterval(() => {
  const created = bus.published.filter(({ topic }) => topic.endsWith('-created.v1'));
  if (created.length > 20) process.stdout.write('stored some\n');
}, 5);
await bus.publish(others);
await bus.stopConsuming();
clearInterval(handled);
