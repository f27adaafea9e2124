// Somebody with a browser of their own. In every test, everything that the browser gets is checked for what
// must never happen on any page.

import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Page,
  Request,
  Response,
} from 'playwright-core';

/** What the checks have to know. */
export interface Watch {
  /** The origins that the browser may send requests to. */
  readonly origins: readonly string[];
  /** What the browser must never get, and what it is. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** The default time limit for what a visitor waits for, in milliseconds. */
const PATIENCE = 10_000;

export class Visitor {
  readonly #watch: Watch;
  readonly #faults: string[] = [];
  readonly #statuses: number[] = [];
  readonly #seen: { readonly where: string; readonly text: string }[] = [];
  readonly #reading: Promise<void>[] = [];

  private constructor(
    readonly context: BrowserContext,
    watch: Watch,
  ) {
    this.#watch = watch;
    context.setDefaultTimeout(PATIENCE);
    context.on('console', (message) => {
      this.#hear(message);
    });
    context.on('weberror', (error) => this.#faults.push(`Error: ${error.error().message}`));
    context.on('request', (request) => {
      this.#reading.push(this.#readRequest(request));
    });
    context.on('response', (response) => {
      this.#reading.push(this.#readResponse(response));
    });
  }

  static async arrive(
    browser: Browser,
    watch: Watch,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    return new Visitor(await browser.newContext(options), watch);
  }

  async open(url: string): Promise<Page> {
    const tab = await this.context.newPage();
    await tab.goto(url);
    return tab;
  }

  /** Expects a response with this status, which the browser reports as an error in its console. */
  expectStatus(status: number): void {
    this.#statuses.push(status);
  }

  /** Closes the browser. Returns what was wrong on its pages, if anything. */
  async leave(): Promise<string[]> {
    await Promise.all(this.#reading);
    await this.#lookIntoStorage();
    for (const status of this.#statuses) this.#faults.push(`No response had the status ${status}`);
    for (const { where, text } of this.#seen) {
      const readings = readingsOf(text);
      for (const [secret, what] of this.#watch.secrets ?? []) {
        if (readings.includes(secret)) this.#faults.push(`${what} is in ${where}`);
      }
    }
    await this.context.close();
    return this.#faults;
  }

  // Violations of the content security policy are errors in the console, too.
  #hear(message: ConsoleMessage): void {
    const text = message.text();
    this.#seen.push({ where: 'the console', text });
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const status = Number(/responded with a status of (\d{3})/.exec(text)?.[1]);
    const expected = this.#statuses.indexOf(status);
    if (expected >= 0) this.#statuses.splice(expected, 1);
    else this.#faults.push(`In the console, at ${message.location().url}: ${text}`);
  }

  async #readRequest(request: Request): Promise<void> {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && !this.#watch.origins.includes(url.origin)) {
      this.#faults.push(`A request went to ${url.origin}`);
    }
    const { method, body, headers } = {
      method: request.method(),
      body: request.postData() ?? '',
      headers: await request.allHeaders(),
    };
    const text = [url.href, body, JSON.stringify(headers)].join('\n');
    this.#seen.push({ where: `the request ${method} ${url.href}`, text });
  }

  async #readResponse(response: Response): Promise<void> {
    const headers = await response.allHeaders();
    const hasText = headers['content-type']?.startsWith('text/') && !headers['location'];
    // A response that the browser did not wait for was not seen.
    const body = hasText ? await response.text().catch(() => '') : '';
    const text = [JSON.stringify(headers), body].join('\n');
    this.#seen.push({ where: `the response from ${response.url()}`, text });
  }

  // No page writes to the storage, so it must be empty.
  async #lookIntoStorage(): Promise<void> {
    const cookies = await this.context.cookies();
    this.#seen.push({ where: 'the cookies', text: JSON.stringify(cookies) });
    for (const tab of this.context.pages()) {
      const kept = await tab.evaluate(() => [localStorage.length, sessionStorage.length]);
      if (kept.some((items) => items > 0)) this.#faults.push(`${tab.url()} has stored something`);
    }
  }
}

/** The text, and the text once decoded. */
function readingsOf(text: string): string {
  const once = percentDecoded(text);
  const decoded = [...text.matchAll(/[\w+/-]{16,}/g)].map(([run]) =>
    Buffer.from(run, 'base64').toString('latin1'),
  );
  return [text, once, percentDecoded(once), ...decoded].join('\n');
}

function percentDecoded(text: string): string {
  return text.replace(/(%[\da-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
