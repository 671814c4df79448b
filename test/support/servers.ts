import { type BusServer, busServers } from './buses.ts';
import { type StoreServer, storeServers } from './stores.ts';

type Kinds<Server> = Readonly<
  Record<string, { readonly available: boolean; create(): Promise<Server> }>
>;

/** Whether the servers of what was chosen are on this machine; what needs none always is. */
export function haveServers({
  bus,
  datastore = 'none',
}: Readonly<Record<string, string>>): boolean {
  const busIsHere = bus === undefined || busServers[bus]?.available === true;
  const storeIsHere = datastore === 'none' || storeServers[datastore]?.available === true;
  return busIsHere && storeIsHere;
}

/** The real servers of one test file, each started when it is first wanted. */
export class Servers {
  readonly #buses = new Map<string, BusServer>();
  readonly #stores = new Map<string, StoreServer>();

  bus(name: string): Promise<BusServer> {
    return started(name, busServers, this.#buses);
  }

  /** None for the choice `none`. */
  async store(name: string): Promise<StoreServer | undefined> {
    return name === 'none' ? undefined : started(name, storeServers, this.#stores);
  }

  async dispose(): Promise<void> {
    for (const server of [...this.#buses.values(), ...this.#stores.values()])
      await server.dispose();
  }
}

async function started<Server>(
  name: string,
  kinds: Kinds<Server>,
  known: Map<string, Server>,
): Promise<Server> {
  const server = known.get(name) ?? (await kinds[name]?.create());
  if (server === undefined) throw new Error(`test/support knows no server for ${name}`);
  known.set(name, server);
  return server;
}
