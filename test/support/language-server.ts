import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from './cli.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: {
    readonly items?: readonly {
      readonly range: { readonly start: { readonly line: number } };
      readonly message: string;
    }[];
  };
}

/** The compiler as an editor runs it: a server (Language Server Protocol) that is asked about open files. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Message) => void>();
  #received = Buffer.alloc(0);
  #requests = 0;

  private constructor() {
    const program = path.join(packageRoot, 'node_modules/.bin/tsc');
    this.#child = spawn(program, ['--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdout?.on('data', (data) => this.#receive(data));
  }

  static async start(): Promise<LanguageServer> {
    const server = new LanguageServer();
    const rootUri = pathToFileURL(packageRoot).href;
    const capabilities = { textDocument: { diagnostic: {} } };
    await server.#request('initialize', { processId: process.pid, rootUri, capabilities });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  /** Opens a file, and returns what the editor would underline, as `line: message`. */
  async open(file: string): Promise<string[]> {
    const uri = pathToFileURL(file).href;
    const text = await fs.readFile(file, 'utf8');
    const textDocument = { uri, languageId: 'typescript', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    const answer = await this.#request('textDocument/diagnostic', { textDocument: { uri } });
    if (answer.result?.items === undefined) throw new Error(JSON.stringify(answer));
    return answer.result.items.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  }

  stop(): void {
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
  }

  #request(method: string, params: object): Promise<Message> {
    this.#requests += 1;
    const id = this.#requests;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    while (true) {
      const start = this.#received.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/.exec(this.#received.toString('latin1'))?.[1]);
      if (start < 4 || !(this.#received.length >= start + length)) return;
      const end = start + length;
      const message: Message = JSON.parse(this.#received.toString('utf8', start, end));
      this.#received = this.#received.subarray(end);
      if (message.method === undefined) this.#waiting.get(message.id ?? 0)?.(message);
      else if (message.id !== undefined) this.#send({ id: message.id, result: null });
    }
  }
}
