/** How many of the oldest events are looked at to go out together, and how many characters may. */
export const mostEvents = 500;
const mostCharacters = 500_000;

/** The first of some events, as many as go out together: at least one, however big it is. */
export function firstBatch<Row extends { readonly event: string }>(oldest: readonly Row[]): Row[] {
  let left = mostCharacters;
  const tooMany = oldest.findIndex(({ event }, index) => {
    left -= event.length;
    return left < 0 && index > 0;
  });
  return oldest.slice(0, tooMany === -1 ? oldest.length : tooMany);
}
