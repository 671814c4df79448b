import type { StandIn, Substitute } from './stand-in.ts';

/** A server that stands in for another service. */
export interface ServiceStandIn {
  readonly origin: string;
  stop(): Promise<void> | void;
}

/**
 * Another service in development, unless its variable is set. In tests nobody is there: a test that calls
 * it starts a server and names that.
 *
 * @param start starts what answers; or the address where it is when it runs on this machine, too.
 */
export function otherService(
  variable: string,
  start: string | (() => Promise<ServiceStandIn>),
): StandIn {
  return {
    async develop(environment) {
      if (environment[variable]) return undefined;
      if (typeof start === 'string') return { environment: { [variable]: start } };
      const { origin, stop } = await start();
      return { environment: { [variable]: origin }, stop };
    },
    isolate: async (): Promise<Substitute> => ({
      inProcess: { environment: { [variable]: 'http://upstream.invalid' } },
    }),
  };
}
