// Starts the example app as a user would: built by `npm run build`, in its own process.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the app. */
export const EXAMPLE_APP: string = path.join(__dirname, '../../../example-app');

export class ExampleApp {
  /** Everything that the app has printed so far. */
  printed = '';
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
      });
    }
  }

  /** Starts the app in `folder` on a free port. `settings` are the variables listed in .env.example. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    folder = EXAMPLE_APP,
  ): Promise<ExampleApp> {
    const program = path.join(folder, 'dist/main.js');
    if (!existsSync(program)) throw new Error('The example app is not built: npm run build');
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [program], {
      env: { PATH, ...noSettings(), PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const app = new ExampleApp(child);
    while (!app.printed.includes('Ctrl-C')) {
      await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
      if (child.exitCode !== null) throw new Error(`The app ended:\n${app.printed}`);
    }
    return app;
  }

  /** The URL of the home page, which the app prints when it starts. */
  get home(): string {
    return /open (\S+)/.exec(this.printed)?.[1] ?? '';
  }

  /** The URL of the local Ion that the app started and printed. */
  get ownIon(): string {
    return /a local stand-in, (http:\/\/[\d.]+:\d+)/.exec(this.printed)?.[1] ?? '';
  }

  /** The URL of one of the app's pages, such as `today`. */
  at(page: string): string {
    return new URL(page, this.home).href;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

// Sets every variable to an empty string, which counts as not set but overrides a developer's .env file.
function noSettings(): Record<string, string> {
  const example = readFileSync(path.join(EXAMPLE_APP, '.env.example'), 'utf8');
  return Object.fromEntries([...example.matchAll(/^(\w+)=/gm)].map(([, name = '']) => [name, '']));
}
