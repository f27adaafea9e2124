// A person with a browser, played over HTTP: logs in, reads the consent page, presses a button.

import { request as send } from 'node:http';
import type { IncomingMessage } from 'node:http';

import type { DirectoryEntry } from './data/directory.js';
import { LocalIonError, wrongOption } from './errors.js';

const MAX_STEPS = 12;

/** What the person sees. */
interface Screen {
  readonly url: URL;
  readonly status: number;
  readonly location: string | undefined;
  readonly html: string;
}

/**
 * Opens the authorization URL as the person, and approves or declines.
 *
 * @returns the URL that Ion sends the browser back to the app with.
 */
export async function answerConsent(
  baseURL: string,
  authorizationURL: unknown,
  person: DirectoryEntry,
  choice: 'Authorize' | 'Cancel',
): Promise<string> {
  const browser = new Browser(baseURL);
  let screen = await browser.open(ownURL(baseURL, authorizationURL));
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const { location } = screen;
    if (location !== undefined) {
      const isOwn = location.startsWith('/') || location.startsWith(`${baseURL}/`);
      if (!isOwn) return callback(location, choice);
      screen = await browser.open(new URL(location, screen.url));
    } else if (screen.status !== 200) {
      throw failed(`Ion answered ${screen.status}: ${textOf(screen.html)}`);
    } else if (screen.url.pathname === '/login') {
      screen = await browser.press(screen, ['username', person.ion_username]);
    } else {
      screen = await browser.press(screen, choice === 'Authorize' ? ['allow', choice] : undefined);
    }
  }
  throw failed(`Ion sent the browser around in circles, last to ${screen.url.pathname}`);
}

// As Ion wrote it: an app compares what it gets.
function callback(location: string, choice: 'Authorize' | 'Cancel'): string {
  if (choice === 'Cancel' && /[?&]code=/.test(location)) {
    throw failed(
      'nobody was asked, so there was nothing to decline: the application is sanctioned, or approval_prompt=auto found it approved before',
    );
  }
  return location;
}

function ownURL(baseURL: string, given: unknown): URL {
  const text = given instanceof URL ? given.href : given;
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw wrongOption('the authorization URL', 'must be a URL, as text or as a URL', given);
  }
  const url = new URL(text);
  if (url.origin !== baseURL) {
    throw wrongOption(
      'the authorization URL',
      `leads to ${url.origin}, but this local Ion is at ${baseURL}: give it to the app as its baseURL`,
    );
  }
  return url;
}

/** Keeps cookies, and follows nothing by itself. */
class Browser {
  readonly #baseURL: string;
  readonly #cookies = new Map<string, string>();

  constructor(baseURL: string) {
    this.#baseURL = baseURL;
  }

  open(url: URL): Promise<Screen> {
    return this.#exchange(url, 'GET', '');
  }

  /** Sends the form of the screen off, by the button that adds this pair. */
  press({ url, html }: Screen, button: [name: string, value: string] | undefined): Promise<Screen> {
    const form = /<form\b([^>]*)>(.*?)<\/form>/s.exec(html);
    if (!form) throw failed(`Ion showed a page without a form: ${textOf(html)}`);
    const [, attributes = '', content = ''] = form;
    const action = attributeOf(attributes, 'action');
    const fields = [...content.matchAll(/<input\b[^>]*>/g)].map(([input]): [string, string] => [
      attributeOf(input, 'name') ?? '',
      attributeOf(input, 'value') ?? '',
    ]);
    const body = new URLSearchParams(button ? [...fields, button] : fields).toString();
    return this.#exchange(action === undefined ? url : new URL(action, url), 'POST', body);
  }

  async #exchange(url: URL, method: string, body: string): Promise<Screen> {
    const response = await this.#send(url, method, body);
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (cause) {
      throw failed(`the connection broke at ${url.pathname}`, cause);
    }
    const { statusCode = 0, headers } = response;
    const html = Buffer.concat(chunks).toString();
    return { url, status: statusCode, location: headers.location, html };
  }

  #send(url: URL, method: string, body: string): Promise<IncomingMessage> {
    const headers = {
      Accept: 'text/html',
      Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      // As a browser does with a form.
      ...(method === 'POST'
        ? { 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.#baseURL }
        : {}),
    };
    return new Promise((resolve, reject) => {
      // No agent: a kept connection would outlive the call.
      const request = send(url, { method, headers, agent: false }, resolve);
      request.on('error', (cause) => {
        reject(failed(`the connection broke at ${url.pathname}`, cause));
      });
      request.end(body);
    });
  }
}

function failed(what: string, cause?: unknown): LocalIonError {
  return new LocalIonError('ERR_LOCAL_ION_SIGN_IN', `local Ion: ${what}`, { cause });
}

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHTML(value);
}

function textOf(html: string): string {
  const main = /<main>(.*)<\/main>/s.exec(html)?.[1] ?? html;
  return unescapeHTML(main.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
}

// What escapeHTML writes; `&amp;` last, or it would make new entities.
function unescapeHTML(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}
