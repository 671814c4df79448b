import { connect } from 'node:net';

export { freePort } from '../../chassis/src/stand-ins/free-port.ts';

/** Whether somebody listens on a port of the loopback interface. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () =>
      resolve(false),
    );
    socket.on('connect', () => socket.destroy());
  });
}
