import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { parseRules, type RouteRule, type Rules, RulesError } from './rules.ts';

/** Bytes; a larger file is refused. */
const largestFile = 262_144;

/** The rules are not there yet: the service is starting, and not ready. */
class NoRulesError extends Error {
  override readonly name = 'NoRulesError';
  readonly statusCode = 503;
}

/** What is told of each text of the file that is new, with the rules that are in force then. */
export type OnRules = (outcome: 'accepted' | 'refused', rules: Rules) => void;

/**
 * The rules as the file has them now; of a file that cannot be used, those before.
 *
 * The file is read anew at each interval. It is small, and nothing tells of a change as surely as its
 * text: a mounted ConfigMap swaps links, an editor renames, a network file system sends no events.
 */
export class RulesFile {
  readonly #file: string;
  readonly #log: FastifyBaseLogger;
  readonly #onRules: OnRules;
  readonly #routes: string[] = [];
  readonly #stop = new AbortController();
  #rules: Rules = new Map();
  /** What the file held when it was read last, or why it could not be: neither is told twice. */
  #seen: string | undefined;
  #watching = Promise.resolve();

  constructor(file: string, log: FastifyBaseLogger, onRules: OnRules) {
    this.#file = file;
    this.#log = log;
    this.#onRules = onRules;
  }

  /** Makes a route one that the file must have. */
  require(route: string): void {
    this.#routes.push(route);
  }

  /** @throws NoRulesError as long as no file was accepted. */
  ruleOf(route: string): RouteRule {
    const rule = this.#rules.get(route);
    if (rule === undefined) throw new NoRulesError('there are no rules yet');
    return rule;
  }

  /** Reads the file for the first time. @throws RulesError when it cannot be used. */
  async load(): Promise<void> {
    this.#accept(await textOf(this.#file));
  }

  /** Reads the file again at each interval, in milliseconds, until `stop`. */
  watch(interval: number): void {
    this.#watching = this.#watch(interval);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(interval: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(interval, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { text, failure } = await textOrFailure(this.#file);
    const seen = text ?? failure;
    if (seen === this.#seen) return;
    this.#seen = seen;
    try {
      if (text === undefined) throw new RulesError(failure);
      this.#accept(text);
    } catch (error) {
      // Whatever it is, a file must not end what goes well without it.
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.error({ file: this.#file, reason }, 'strangler rules refused; those before stay');
      this.#onRules('refused', this.#inForce());
    }
  }

  #accept(text: string): void {
    this.#seen = text;
    const rules = parseRules(text, this.#routes);
    this.#tell(rules);
    this.#rules = rules;
    this.#onRules('accepted', this.#inForce());
  }

  /** The rules of the routes that are strangled here. */
  #inForce(): Rules {
    return new Map([...this.#rules].filter(([route]) => this.#routes.includes(route)));
  }

  #tell(rules: Rules): void {
    const percentages = Object.fromEntries(
      this.#routes.map((route) => [route, rules.get(route)?.percentage]),
    );
    this.#log.info({ file: this.#file, percentages }, 'strangler rules accepted');
    const idle = [...rules.keys()].filter((route) => !this.#routes.includes(route));
    if (idle.length > 0)
      this.#log.warn(
        { file: this.#file, routes: idle.slice(0, 20) },
        'strangler rules of routes that are not strangled here',
      );
  }
}

type Read =
  | { readonly text: string; readonly failure?: undefined }
  | { readonly text?: undefined; readonly failure: string };

async function textOrFailure(file: string): Promise<Read> {
  try {
    return { text: await textOf(file) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads a file that anybody may have put there. @throws RulesError when it is too large, or no file. */
async function textOf(file: string): Promise<string> {
  // Without waiting: to open a pipe that nobody writes to would never end.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new RulesError('it is not a file');
    const read = await buffer(handle.createReadStream({ end: largestFile, autoClose: false }));
    if (read.length > largestFile) throw new RulesError(`it is larger than ${largestFile} bytes`);
    return read.toString();
  } finally {
    await handle.close();
  }
}
