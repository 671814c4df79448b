import fs from 'node:fs/promises';
import path from 'node:path';
import { RunningService } from '../support/running-service.ts';
import { servicesIn } from '../support/services.ts';

/** What a service says of one that it keeps. */
export interface Order {
  readonly id: string;
  readonly reference: string;
  readonly version: number;
}

/** Emits a service on a datastore, with what `service/` adds to it. */
export async function emitOn(
  datastore: string,
  root: string,
  dependencies: string,
  flags: readonly string[] = ['--style', 'sync'],
): Promise<string> {
  await servicesIn(root, { orders: ['--datastore', datastore, ...flags] });
  const folder = path.join(root, 'orders');
  await fs.symlink(dependencies, path.join(folder, 'node_modules'));
  await fs.cp(path.join(import.meta.dirname, 'service'), folder, { recursive: true });
  return folder;
}

/** A running service and its API, as a caller sees it. */
export class Subject {
  readonly service: RunningService;

  private constructor(service: RunningService) {
    this.service = service;
  }

  static async start(
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<Subject> {
    return new Subject(await RunningService.start(folder, { LOG_LEVEL: 'info', ...environment }));
  }

  static async ready(
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<Subject> {
    const subject = await Subject.start(folder, environment);
    await subject.service.started();
    return subject;
  }

  /** Sends a request; 0 is the status when nobody answers. */
  async send(
    method: string,
    target: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; text: string; etag: string }> {
    const answer = await fetch(`${this.service.url}${target}`, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined);
    if (answer === undefined) return { status: 0, text: '', etag: '' };
    const text = await answer.text().catch(() => '');
    return { status: answer.status, text, etag: answer.headers.get('etag') ?? '' };
  }

  create(reference: string): Promise<{ status: number; text: string; etag: string }> {
    return this.send('POST', '/orders', { reference });
  }

  /** Creates two of one reference in a transaction that waits in between, see `service/`. */
  async held(reference: string, waits: Readonly<Record<string, string>>): Promise<number> {
    const query = new URLSearchParams({ reference, ...waits });
    return (await this.send('POST', `/held?${query}`)).status;
  }

  /** Everything in the list, page by page. */
  async list(limit = 100): Promise<Order[]> {
    const all: Order[] = [];
    let after: string | null = null;
    do {
      const { text } = await this.send(
        'GET',
        `/orders?limit=${limit}${after === null ? '' : `&after=${after}`}`,
      );
      const page = parsePage(text);
      all.push(...page.items);
      after = page.next;
    } while (after !== null);
    return all;
  }

  async countOf(reference: string): Promise<number> {
    return (await this.list()).filter((order) => order.reference === reference).length;
  }
}

function parsePage(text: string): { items: Order[]; next: string | null } {
  return JSON.parse(text);
}
