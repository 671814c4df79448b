import { setTimeout as delay } from 'node:timers/promises';
import { InProcessBus } from 'service-chassis/development';
import { loadConfig } from '../../src/config.ts';
import { buildService } from '../../src/service.ts';
import { requests } from './requests.ts';

/**
 * The service in a process of its own, to be killed: delivers so many requests to itself, and says
 * when some of them are handled.
 */
const bus = new InProcessBus();
const app = await buildService({ config: await loadConfig(process.env), bus });
await app.ready();
while ((await app.inject('/health/ready')).statusCode !== 200) await delay(50);
const publish = bus.publish.bind(bus);
let created = 0;
bus.publish = async (messages) => {
  const outcomes = await publish(messages);
  created += messages.length;
  if (created > 20) process.stdout.write('some\n');
  return outcomes;
};
await publish(requests(Number(process.argv[2])));
