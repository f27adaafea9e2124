// A browser for tests: it keeps cookies by host, follows redirects only when told to, and runs no scripts.

/** A response. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The absolute URL that a redirect leads to. */
  readonly location: string | undefined;
}

/** One browser, with the cookies of one person. */
export class Browser {
  private readonly jar = new Map<string, Map<string, string>>();

  constructor(private readonly headers: Readonly<Record<string, string>> = {}) {}

  get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.request(url, { headers });
  }

  post(url: string, form: Readonly<Record<string, string>>): Promise<Page> {
    return this.request(url, { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Follows redirects from `url` until a page is not a redirect, or until `stop` returns true for the next URL. */
  async follow(url: string, stop: (url: string) => boolean = () => false): Promise<Page> {
    let page = await this.get(url);
    for (let hops = 0; page.location !== undefined && !stop(page.location); hops += 1) {
      if (hops === 10) throw new Error(`Over 10 redirects from ${url}`);
      page = await this.get(page.location);
    }
    return page;
  }

  /** The cookies that a request to `url` would carry. */
  cookiesFor(url: string): ReadonlyMap<string, string> {
    return this.jar.get(new URL(url).host) ?? new Map<string, string>();
  }

  private async request(url: string, init: RequestInit): Promise<Page> {
    const cookie = [...this.cookiesFor(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers, ...(init.headers as object), ...(cookie ? { cookie } : {}) },
    });
    this.keepCookies(url, response.headers.getSetCookie());
    const location = response.headers.get('location');
    return {
      url,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href,
    };
  }

  private keepCookies(url: string, lines: readonly string[]): void {
    const { host } = new URL(url);
    const cookies = this.jar.get(host) ?? new Map<string, string>();
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const equals = pair.indexOf('=');
      if (isExpired(attributes)) cookies.delete(pair.slice(0, equals));
      else cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    this.jar.set(host, cookies);
  }
}

// RFC 6265, section 5.3: Max-Age overrides Expires. That matters for a site whose clock a test has set,
// because it sends both.
function isExpired(attributes: readonly string[]): boolean {
  const valueOf = (name: string): string | undefined =>
    attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const maxAge = valueOf('max-age');
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const expires = valueOf('expires');
  return expires !== undefined && Date.parse(expires) <= Date.now();
}
