import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { RawConnection } from '../support/raw-connection.ts';

/** What a caller asks for, and what must come back. */
interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly status: number;
  /** That the whole answer has come. */
  readonly ends: string;
}

const calls = [
  { method: 'GET', path: '/orders', status: 200, ends: '}' },
  { method: 'POST', path: '/orders', status: 201, ends: '}' },
  { method: 'POST', path: '/orders', status: 201, ends: '}' },
  { method: 'GET', path: '/orders/slow', status: 200, ends: '}' },
  { method: 'GET', path: '/orders/stream', status: 200, ends: 'piece\n' },
] as const satisfies readonly Call[];

/**
 * Callers behind a balancer: they open connections for as long as the service is ready, and go on with one
 * that is open until it is closed.
 */
export class Load {
  readonly failures: string[] = [];
  answered = 0;
  /** Orders that the service has said it created. */
  created = 0;
  readonly #url: string;
  readonly #random: () => number;
  #isReady = true;

  constructor(url: string, random: () => number) {
    this.#url = url;
    this.#random = random;
  }

  /** Resolves when the service is not ready any more, and no caller has a connection. */
  async run(callers: number): Promise<void> {
    const all = Array.from({ length: callers }, () => this.#caller());
    await Promise.all([this.#balancer(), ...all]);
  }

  async #balancer(): Promise<void> {
    while (this.#isReady) {
      const answer = await fetch(`${this.#url}/health/ready`).catch(() => undefined);
      await answer?.arrayBuffer();
      this.#isReady = answer?.status === 200;
      await delay(20);
    }
  }

  /** Keeps one connection for as long as it may, and waits a moment between requests. */
  async #caller(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const isOpen = (): boolean => Object.keys(agent.freeSockets).length > 0;
    while (this.#isReady || isOpen()) {
      const call = calls[Math.floor(this.#random() * calls.length)] ?? calls[0];
      const failure = await this.#send(call, agent);
      if (failure === undefined) this.answered += 1;
      else this.failures.push(`${call.method} ${call.path}: ${failure}`);
      if (failure === undefined && call.status === 201) this.created += 1;
      await delay(this.#random() * 60);
    }
    agent.destroy();
  }

  /** Returns what was wrong with the answer, if anything. */
  #send({ method, path, status, ends }: Call, agent: Agent): Promise<string | undefined> {
    const body = JSON.stringify({ reference: 'under load' });
    const half = Math.floor(body.length / 2);
    return new Promise((resolve) => {
      const headers =
        method === 'POST'
          ? { 'content-type': 'application/json', 'content-length': body.length }
          : {};
      const sent = request(`${this.#url}${path}`, { method, agent, headers }, (answer) => {
        let text = '';
        answer.on('data', (data) => {
          text += data;
        });
        answer.once('error', (error) => resolve(String(error)));
        answer.once('end', () => {
          const isRight = answer.statusCode === status && text.endsWith(ends);
          resolve(isRight ? undefined : `${answer.statusCode} ${text}`);
        });
      });
      sent.once('error', (error) => resolve(String(error)));
      if (method === 'GET') sent.end();
      else {
        // A body that takes a moment, as over a slow line.
        sent.write(body.slice(0, half));
        setTimeout(() => sent.end(body.slice(half)), this.#random() * 100);
      }
    });
  }
}

/** Connections that never become a request: no shutdown waits for them beyond its deadline. */
export async function openIdlers(url: string): Promise<RawConnection[]> {
  const head = 'POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  return Promise.all(
    ['', 'GET /ord', head, `${head}Content-Length: 50\r\n\r\n{"refer`].map((sent) =>
      RawConnection.open(url, sent),
    ),
  );
}
