// Acts as a person with their own browser. In every test, everything that the browser gets is checked for
// problems that no page may have.

import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Page,
  Request,
  Response,
} from 'playwright-core';

/** What the checks need to know. */
export interface Watch {
  /** The only origins that the browser may send requests to. */
  readonly origins: readonly string[];
  /** Secrets that the browser must never get, each with a description. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** How long a visitor waits for anything by default, in milliseconds. */
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

  /** Expects one response with this error status, whose console message would otherwise fail the test. */
  expectStatus(status: number): void {
    this.#statuses.push(status);
  }

  /** Closes the visitor's browser. Returns everything that was wrong with the pages it visited. */
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

  // Collects what the console shows, which includes violations of the content security policy.
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
    // If the browser didn't wait for the response, there is no body to check.
    const body = hasText ? await response.text().catch(() => '') : '';
    const text = [JSON.stringify(headers), body].join('\n');
    this.#seen.push({ where: `the response from ${response.url()}`, text });
  }

  // The app's pages never use the browser's storage, so it must be empty.
  async #lookIntoStorage(): Promise<void> {
    const cookies = await this.context.cookies();
    this.#seen.push({ where: 'the cookies', text: JSON.stringify(cookies) });
    for (const tab of this.context.pages()) {
      const kept = await tab.evaluate(() => [localStorage.length, sessionStorage.length]);
      if (kept.some((items) => items > 0)) this.#faults.push(`${tab.url()} has stored something`);
    }
  }
}

/** Returns the text as it is, percent-decoded once and twice, and with anything in base64 decoded. */
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
