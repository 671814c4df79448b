import { configOf } from '../support/clickhouse-config.ts';
import { requests, startNoteEvents } from './note-events.ts';

/**
 * A service in a process of its own, to be killed: delivers so many requests to itself, and says when
 * some of them are handled.
 */
const { bus } = await startNoteEvents(configOf(process.env));
const publish = bus.publish.bind(bus);
let created = 0;
bus.publish = async (messages) => {
  const outcomes = await publish(messages);
  created += messages.length;
  if (created > 20) process.stdout.write('some\n');
  return outcomes;
};
await publish(requests(Number(process.argv[2])));
