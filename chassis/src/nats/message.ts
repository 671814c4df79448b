import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { bodyFrom, type Message } from '../events/index.ts';

/** The header that carries a message's key; its subject says only the partition. */
const keyHeader = 'message-key';

/** A message's headers, its key among them. */
export function headersOf(message: Message): MsgHdrs {
  const all = headers();
  for (const [name, value] of Object.entries(message.headers)) all.set(name, value);
  all.set(keyHeader, message.key);
  return all;
}

/** The message that came in one of NATS. */
export function messageFrom(
  topic: string,
  { headers: given, data }: { headers?: MsgHdrs | undefined; data: Uint8Array },
): Message {
  const lowerCased = [...(given ?? [])]
    .map(([name, [value = '']]) => [name.toLowerCase(), value] as const)
    // What its publisher told the server of its place.
    .filter(([name]) => !name.startsWith('nats-'));
  const { [keyHeader]: key = '', ...rest } = Object.fromEntries(lowerCased);
  return { topic, key, ...bodyFrom(data), headers: rest };
}
