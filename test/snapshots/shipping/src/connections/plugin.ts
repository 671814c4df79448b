import fp from 'fastify-plugin';
import { Connections } from './connections.ts';

/** Ends connections when the service stops: no client is reset that behaves, none keeps it from stopping. */
export default fp(
  async (app) => {
    const connections = new Connections(app.server);
    app.health.shuttingDown.addEventListener('abort', () => connections.closeAfterAnswer());
    app.health.addStop('connections', (outOfTime) => connections.close(outOfTime));
  },
  { name: 'connections', dependencies: ['health'] },
);
