/** Whether work failed because its datastore was away: memory is always there. */
export function isConnectionError(_error: unknown): boolean {
  return false;
}
