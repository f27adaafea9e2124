// Many people's browsers, all in one process. They can do only what a sign-in needs.

import http = require('node:http');

export interface Page {
  readonly status: number;
  /** The Location header, or an empty string if there isn't one. */
  readonly location: string;
  /** The cookies that were set, as a Cookie header. Cookies that were cleared are left out. */
  readonly cookie: string;
  readonly text: string;
}

/**
 * The address that the browsers connect from. The app connects from another one, so that Ion can tell the
 * browsers' connections from the app's.
 */
const OWN_ADDRESS = '127.0.0.2';

export class Browsers {
  readonly #agent = new http.Agent({ keepAlive: true, scheduling: 'lifo' });

  get(url: string, cookie = ''): Promise<Page> {
    return this.#request('GET', url, cookie);
  }

  post(url: string, cookie: string, form: Readonly<Record<string, string>>): Promise<Page> {
    return this.#request('POST', url, cookie, new URLSearchParams(form).toString());
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Sends a request, and sends it again, as browsers do, if the server was just closing the connection. */
  async #request(method: string, url: string, cookie: string, body?: string): Promise<Page> {
    for (;;) {
      const page = await this.#requestOnce(method, url, cookie, body);
      if (page !== undefined) return page;
    }
  }

  /** Returns undefined if the request was sent on a connection that the server had closed for being idle. */
  #requestOnce(
    method: string,
    url: string,
    cookie: string,
    body: string | undefined,
  ): Promise<Page | undefined> {
    return new Promise((resolve, reject) => {
      const headers = {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      const options = { method, headers, agent: this.#agent, localAddress: OWN_ADDRESS };
      const request = http.request(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { statusCode: status = 0, headers: given } = response;
          const cookie = (given['set-cookie'] ?? [])
            .map((line) => line.split(';')[0] ?? '')
            .filter((pair) => !pair.endsWith('='))
            .join('; ');
          resolve({ status, location: given.location ?? '', cookie, text });
        });
        response.on('error', reject);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve(undefined);
        else reject(error);
      });
      request.end(body);
    });
  }
}

/** Calls the action this many times, with at most `concurrency` calls running at the same time. */
export async function many(
  times: number,
  concurrency: number,
  action: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < times) {
      next += 1;
      await action(next - 1);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
