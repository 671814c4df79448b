import type { Addition } from '../src/add/addition.ts';
import { aggregate } from './aggregate.ts';
import { client } from './client.ts';
import { endpoint } from './endpoint.ts';
import { event } from './event.ts';
import { handler } from './handler.ts';
import { route } from './route.ts';
import { strangler } from './strangler.ts';

/** Everything that can be added to a service. */
export const additions: readonly Addition[] = [
  event,
  handler,
  endpoint,
  client,
  route,
  aggregate,
  strangler,
];
