/** The bare client of a bus: the same messages, confirmed and acknowledged as its documentation does it. */
export interface Side {
  publish(messages: readonly { key: string; body: string }[]): Promise<void>;
  consume(handle: (body: string) => void): Promise<void>;
  close(): Promise<void>;
}
