import { NamedError } from '../copies/index.ts';

/** The process cannot listen where it should. The message names the variable to change. */
export class CannotListenError extends NamedError {
  override readonly name = 'CannotListenError';
}

/**
 * Begins to listen.
 *
 * @param port name of the variable with the port, @param host of that with the address.
 * @throws CannotListenError when the port is taken, is not for this user, or the address is not ours.
 */
export async function listen(
  begin: () => Promise<unknown>,
  port: string,
  host: string,
): Promise<void> {
  try {
    await begin();
  } catch (error) {
    throw faultOf(error, port, host) ?? error;
  }
}

function faultOf(error: unknown, portName: string, hostName: string): Error | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const port = 'port' in error ? error.port : undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return new CannotListenError(
        `Port ${port} is in use by another process: set ${portName} to a free one.`,
      );
    case 'EACCES':
      return new CannotListenError(
        `This user must not listen on port ${port}: set ${portName} to one above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotListenError(`${hostName} is not an address of this machine.`);
    default:
      return undefined;
  }
}
