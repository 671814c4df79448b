import type { TestPart } from './parts.ts';

/** An address where nobody is: a test that calls it starts a server and gives its own. */
export default async function part(): Promise<TestPart> {
  const environment = { __CLIENT___URL: 'http://__client__.invalid' };
  return { standIn: { environment, options: {} } };
}
