// Acts as a person with a browser: logs in over HTTP, and presses a button on the consent page.

import { request as send } from 'node:http';
import type { IncomingMessage } from 'node:http';

import type { DirectoryEntry } from './data/directory.js';
import { LocalIonError, wrongOption } from './errors.js';

const MAX_PAGES = 12;

/** The page or redirect that the browser received. */
interface Screen {
  readonly url: URL;
  readonly status: number;
  readonly location: string | undefined;
  readonly html: string;
}

/**
 * Opens the authorization URL as the person, and presses Authorize or Cancel.
 *
 * @returns the callback URL that Ion redirects the browser to.
 */
export async function completeAuthorization(
  baseURL: string,
  authorizationURL: unknown,
  person: DirectoryEntry,
  choice: 'Authorize' | 'Cancel',
): Promise<string> {
  const browser = new Browser(baseURL);
  const start = ownURL(baseURL, authorizationURL);
  let screen = await browser.open(start);
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { location } = screen;
    if (location !== undefined) {
      const isOwn = location.startsWith('/') || location.startsWith(`${baseURL}/`);
      if (!isOwn) return checkCallback(location, choice);
      screen = await browser.open(new URL(location, screen.url));
    } else if (screen.status !== 200) {
      const sent = screen.status === 400 ? sentBy(start) : '';
      throw signInError(`Ion answered ${screen.status}: ${textOf(screen.html)}${sent}`);
    } else if (screen.url.pathname === '/login') {
      screen = await browser.press(screen, ['username', person.ion_username]);
    } else {
      screen = await browser.press(screen, choice === 'Authorize' ? ['allow', choice] : undefined);
    }
  }
  throw signInError(`Ion redirected the browser in circles, last to ${screen.url.pathname}`);
}

// For an error message, lists the two parameters that come from the app's settings, because Ion's error page
// does not show their values.
function sentBy({ searchParams }: URL): string {
  const sent = ['client_id', 'redirect_uri'].map(
    (name) => `${name}=${searchParams.get(name) ?? ''}`,
  );
  return ` (the app sent ${sent.join(' and ')})`;
}

// Returns the URL exactly as Ion sent it. Parsing it and putting it back together could change it.
function checkCallback(location: string, choice: 'Authorize' | 'Cancel'): string {
  if (choice === 'Cancel' && /[?&]code=/.test(location)) {
    throw signInError(
      'Ion showed no consent page, so there was nothing to decline: the application is sanctioned, or approval_prompt=auto found an earlier approval',
    );
  }
  return location;
}

function ownURL(baseURL: string, given: unknown): URL {
  const text = given instanceof URL ? given.href : given;
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw wrongOption('the authorization URL', 'must be a URL: a string or a URL object', given);
  }
  const url = new URL(text);
  if (url.origin !== baseURL) {
    throw wrongOption(
      'the authorization URL',
      `leads to ${url.origin}, but this local Ion is at ${baseURL}: set that as the baseURL of the app's IonStrategy`,
    );
  }
  return url;
}

/** A browser that keeps cookies but does not follow redirects by itself. */
class Browser {
  readonly #baseURL: string;
  readonly #cookies = new Map<string, string>();

  constructor(baseURL: string) {
    this.#baseURL = baseURL;
  }

  open(url: URL): Promise<Screen> {
    return this.#exchange(url, 'GET', '');
  }

  /** Submits the form on the page. `button` is the button to press, or undefined if the button has no name. */
  press({ url, html }: Screen, button: [name: string, value: string] | undefined): Promise<Screen> {
    const form = /<form\b([^>]*)>(.*?)<\/form>/s.exec(html);
    if (!form) throw signInError(`Ion showed a page without a form: ${textOf(html)}`);
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
      throw signInError(`the connection broke at ${url.pathname}`, cause);
    }
    const { statusCode = 0, headers } = response;
    const html = Buffer.concat(chunks).toString();
    return { url, status: statusCode, location: headers.location, html };
  }

  #send(url: URL, method: string, body: string): Promise<IncomingMessage> {
    const headers = {
      Accept: 'text/html',
      Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      // Browsers send these headers when they submit a form.
      ...(method === 'POST'
        ? { 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.#baseURL }
        : {}),
    };
    return new Promise((resolve, reject) => {
      // Don't use Node's default agent, because it would keep an idle connection open after the call.
      const request = send(url, { method, headers, agent: false }, resolve);
      request.on('error', (cause) => {
        reject(signInError(`the connection broke at ${url.pathname}`, cause));
      });
      request.end(body);
    });
  }
}

function signInError(problem: string, cause?: unknown): LocalIonError {
  return new LocalIonError('ERR_LOCAL_ION_SIGN_IN', `local Ion: ${problem}`, { cause });
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

// Reverses escapeHTML. `&amp;` must come last. If it came first, `&amp;lt;` would end up as `<`.
function unescapeHTML(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}
