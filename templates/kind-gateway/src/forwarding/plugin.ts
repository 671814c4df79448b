import fp from 'fastify-plugin';

/** Makes a place in a request for how it came in: a property, as a map beside is work for each collection of garbage. */
export default fp(
  async (app) => {
    app.decorateRequest('entry');
  },
  { name: 'forwarding' },
);
