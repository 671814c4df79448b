/**
 * SQLSTATE classes and codes of a server that went away, shuts down, starts, or has no place left
 * (PostgreSQL, Appendix A), and the system's codes of a connection that broke.
 */
const codes =
  /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
/** What the driver says without a code. */
const messages =
  /^Connection terminated|is not queryable$|^timeout exceeded when trying to connect$/;

/** Whether work failed because its connection to PostgreSQL did, whatever the work was. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return codes.test(code) || messages.test(error.message);
}
