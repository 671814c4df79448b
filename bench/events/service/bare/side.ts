/** What the emitted service's messages say of themselves; the bare ones say it too. */
export const contentType = 'application/cloudevents+json; charset=UTF-8';

/** The bare client of a bus: the same messages, confirmed and acknowledged as its documentation does it. */
export interface Side {
  publish(messages: readonly { key: string; body: string }[]): Promise<void>;
  consume(handle: (body: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** The bare client of one of the buses. */
export async function openSide(bus: string): Promise<Side> {
  const { open }: { open(): Promise<Side> } = await import(`./${bus}.ts`);
  return open();
}
