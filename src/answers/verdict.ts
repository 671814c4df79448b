/** What a check says of a text that a person gave. */
export type Verdict =
  | { readonly ok: true; readonly value: string; readonly warning?: string }
  | { readonly ok: false; readonly reason: string; readonly suggestion?: string };
