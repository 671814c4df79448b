/** Whether the same work may succeed later: memory is always there. */
export function isTemporary(_error: unknown): boolean {
  return false;
}
