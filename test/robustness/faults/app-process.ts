// Starts the app under test in its own process, and exchanges messages with it.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The messages that the tests send to the app. */
export type Order =
  | { readonly do: 'begin' }
  /** Sets the strategy's timeout, in milliseconds. */
  | { readonly do: 'timeout'; readonly timeout: number }
  | { readonly do: 'report'; readonly mark: string }
  | { readonly do: 'lookup'; readonly how: 'fails' | 'hangs'; readonly from: number }
  | { readonly do: 'usual lookup' };

/** What happened in the app since `begin`. */
export interface Report {
  /** For each error that reached Express's error handler, everything that a log could show of it. */
  readonly shown: string[];
  /** Growth of the heap after garbage collection, in bytes. */
  readonly kept: number;
  /** Peak growth of the process's memory, in bytes. */
  readonly peak: number;
}

export interface AppSettings {
  /** Path of the compiled app. */
  readonly program: string;
  readonly baseURL: string;
  readonly clientSecret: string;
  /** Path of a file with the certificates that the app trusts. */
  readonly trusted: string;
  /** The `node_modules` folder that the app loads packages from. */
  readonly modules: string;
}

export class AppProcess {
  /** Everything that the app has printed so far. */
  printed = { stdout: '', stderr: '' };
  readonly #child: ChildProcess;
  #url = '';
  #reports = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.printed[name] += text;
      });
    }
  }

  static async start(settings: AppSettings): Promise<AppProcess> {
    const { program, baseURL, clientSecret, trusted, modules } = settings;
    const child = fork(program, [baseURL], {
      env: {
        ...process.env,
        CLIENT_SECRET: clientSecret,
        NODE_EXTRA_CA_CERTS: trusted,
        NODE_PATH: modules,
      },
      // Keep the space for new objects small. By default, V8 may keep up to 48 MB of new garbage in it, which
      // would be measured, too.
      execArgv: ['--expose-gc', '--max-semi-space-size=1'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const app = new AppProcess(child);
    app.#url = `http://127.0.0.1:${String(await app.#message())}`;
    return app;
  }

  get url(): string {
    return this.#url;
  }

  /** Describes how the process exited. Undefined if it is still running. */
  get end(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return undefined;
    return `The process ended with ${exitCode ?? signalCode ?? ''}:\n${this.printed.stderr}`;
  }

  async tell(order: Exclude<Order, { do: 'report' }>): Promise<void> {
    this.#child.send(order);
    await this.#message();
  }

  /** What happened since `begin`, including everything that was printed. */
  async report(): Promise<Report & { printed: string }> {
    this.#reports += 1;
    const mark = `-- report ${this.#reports}\n`;
    this.#child.send({ do: 'report', mark } satisfies Order);
    // The cast is safe because the app sends back a report.
    const report = (await this.#message()) as Report;
    const printed = await Promise.all([this.#before('stdout', mark), this.#before('stderr', mark)]);
    return { ...report, printed: printed.join('') };
  }

  async stop(): Promise<void> {
    if (this.end !== undefined) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
  }

  async #before(name: 'stdout' | 'stderr', mark: string): Promise<string> {
    const stream = this.#child[name];
    while (stream && !this.printed[name].includes(mark)) await once(stream, 'data');
    const [printed = '', rest = ''] = this.printed[name].split(mark);
    this.printed[name] = rest;
    return printed;
  }

  #message(): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        child.off('message', got).off('exit', ended);
      };
      const got = (message: unknown): void => {
        settle();
        resolve(message);
      };
      const ended = (): void => {
        settle();
        reject(new Error(this.end));
      };
      child.once('message', got).once('exit', ended);
    });
  }
}
