// An Ion of one person, whose tokens rotate as Ion's do: each refresh kills the pair before it.

import type { IonTokens } from '../../lib/tokens.js';
import { json, startScriptedIon } from './scripted-ion.js';
import type { Given, ScriptedIon, Seen } from './scripted-ion.js';

export class RotatingIon {
  /** Asked first, about each request; what it gives in place of undefined is the answer. */
  before: (seen: Seen) => Given | undefined | Promise<Given | undefined> = () => undefined;
  #server: ScriptedIon | undefined;
  #count = 0;
  #access = '';
  #refresh = '';

  async start(): Promise<this> {
    this.#server = await startScriptedIon((seen) => this.#answer(seen));
    this.#rotate();
    return this;
  }

  get server(): ScriptedIon {
    if (!this.#server) throw new Error('not started');
    return this.#server;
  }

  /** The live pair. */
  tokens(expiresAt = Date.now() + 36_000_000): IonTokens {
    return {
      accessToken: this.#access,
      refreshToken: this.#refresh,
      tokenType: 'Bearer',
      scope: ['read'],
      expiresAt,
    };
  }

  /** The refresh requests so far. */
  get refreshes(): Seen[] {
    return this.server.seen.filter(({ url }) => url === '/oauth/token/');
  }

  /** The other requests so far. */
  get requests(): Seen[] {
    return this.server.seen.filter(({ url }) => url !== '/oauth/token/');
  }

  /** Ends the access token alone. */
  endAccess(): void {
    this.#access = 'none';
  }

  /** Ends both tokens. */
  endBoth(): void {
    this.endAccess();
    this.#refresh = 'none';
  }

  /** What another client's refresh would do. */
  rotateElsewhere(): IonTokens {
    this.#rotate();
    return this.tokens();
  }

  #rotate(): void {
    this.#count += 1;
    this.#access = `Access${this.#count}`.padEnd(30, 'x');
    this.#refresh = `Refresh${this.#count}`.padEnd(30, 'x');
  }

  async #answer(seen: Seen): Promise<Given> {
    const instead = await this.before(seen);
    if (instead !== undefined) return instead;
    if (seen.url === '/oauth/token/') {
      if (new URLSearchParams(seen.body).get('refresh_token') !== this.#refresh) {
        return json({ error: 'invalid_grant' }, 400);
      }
      this.#rotate();
      return json({
        access_token: this.#access,
        expires_in: 36000,
        token_type: 'Bearer',
        scope: 'read',
        refresh_token: this.#refresh,
      });
    }
    return seen.headers.authorization === `Bearer ${this.#access}`
      ? json({ answerTo: seen.url })
      : json({ detail: 'Authentication credentials were not provided.' }, 403);
  }
}
