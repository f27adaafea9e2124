// A browser that sends a path unchanged, which URL would normalize.

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

/** One browser, with the cookie of one session. */
export class RawBrowser {
  #cookie = '';

  constructor(private readonly origin: string) {}

  /** `path` may have the characters from U+0021 to U+00FF, which Node sends unchanged. */
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
