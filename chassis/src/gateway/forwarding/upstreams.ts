import type { PolicyTools } from '../../resilience/index.ts';
import { PooledUpstream, type Upstream } from './upstream.ts';
import type { UpstreamConfig } from './upstream-config.ts';

/** The upstreams of a gateway, one a name, however many routes lead there. */
export class Upstreams {
  readonly #tools: PolicyTools;
  readonly #known = new Map<string, Upstream>();

  constructor(tools: PolicyTools) {
    this.#tools = tools;
  }

  /** The upstream of that name, made at the first call. */
  of(config: UpstreamConfig): Upstream {
    const known = this.#known.get(config.name);
    if (known !== undefined) return known;
    const added = new PooledUpstream(config, this.#tools);
    this.#known.set(config.name, added);
    return added;
  }

  /** Closes all, the last one first. */
  async close(): Promise<void> {
    for (const upstream of [...this.#known.values()].reverse()) await upstream.close();
  }
}
