// A browser that sends paths unchanged. The URL class would normalize them.

import http = require('node:http');

const agent = new http.Agent({ keepAlive: true });

afterEach(() => {
  agent.destroy();
});

export interface RawPage {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

/** A browser that keeps one cookie, for its session. */
export class RawBrowser {
  #cookie = '';

  constructor(private readonly origin: string) {}

  /** Requests a page. `path` may contain characters from U+0021 to U+00FF, which Node sends unchanged. */
  get(path: string): Promise<RawPage> {
    return new Promise((resolve, reject) => {
      const headers = this.#cookie === '' ? {} : { cookie: this.#cookie };
      const request = http.get(this.origin, { path, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const { statusCode: status = 0, headers: given } = response;
          const [pair = this.#cookie] = given['set-cookie']?.[0]?.split(';') ?? [];
          this.#cookie = pair;
          resolve({ status, location: given.location ?? '', text });
        });
        response.on('error', reject);
      });
      request.on('error', reject);
    });
  }
}
