// Tests which agent requests to Ion use: the package's own, Node's global agent, or the app's.

import http = require('node:http');
import https = require('node:https');

import { ConnectAheadAgent, agentFor } from '../../lib/http/agent.js';
import { IonStrategy } from '../../lib/strategy.js';
import { exchange } from '../../lib/http/exchange.js';
import type { IonHttpResponse } from '../../lib/http/exchange.js';
import { destroyedAfter, keptBy } from '../support/agents.js';
import { failureOf } from '../support/exchanges.js';
import { ca, startSecureServer } from '../support/secure-server.js';
import { rawResponse } from '../support/raw-server.js';

function withOwn(method: string): http.Agent {
  return Object.assign(new http.Agent(), { [method]: () => undefined });
}

describe('agentFor', () => {
  const secure = new URL('https://ion.example/oauth/token/');
  const plain = new URL('http://127.0.0.1/oauth/token/');
  const nodes = { https: https.globalAgent, http: http.globalAgent };

  afterEach(() => {
    https.globalAgent = nodes.https;
    http.globalAgent = nodes.http;
  });

  it("returns the package's own agent if nothing was set on Node's global agent", () => {
    expect(agentFor(secure)).toBeInstanceOf(ConnectAheadAgent);
    expect(agentFor(secure)).toBe(agentFor(secure));
    expect(agentFor(plain)).not.toBe(http.globalAgent);
  });

  it("returns Node's global agent while it is replaced by another plain agent", () => {
    https.globalAgent = destroyedAfter(new https.Agent({ keepAlive: true }));
    http.globalAgent = destroyedAfter(new http.Agent({ keepAlive: true }));
    expect(agentFor(secure)).toBe(https.globalAgent);
    expect(agentFor(plain)).toBe(http.globalAgent);
    https.globalAgent = nodes.https;
    expect(agentFor(secure)).toBeInstanceOf(ConnectAheadAgent);
  });

  it("returns Node's global agent if it was replaced, so that a request goes through it", async () => {
    const ion = await startSecureServer(rawResponse('{}'));
    const agent = destroyedAfter(new https.Agent({ keepAlive: true, ca }));
    https.globalAgent = agent;
    const request = { label: 'it', method: 'GET', headers: {}, repeatable: true };
    const { status } = await exchange({ ...request, url: new URL(ion.url) }, { timeout: 5_000 });
    expect(status).toBe(200);
    expect(keptBy({ agent })).toHaveLength(1);
  });

  it("returns Node's global agent if it was replaced by one with its own CA, proxy or methods", () => {
    const withMethod = new https.Agent();
    Object.assign(withMethod, { createConnection: () => undefined });
    for (const agent of [
      new https.Agent({ ca }),
      // Cast because the type declarations for Node 20 do not have this option.
      new https.Agent({ proxyEnv: {} } as https.AgentOptions),
      new (class extends https.Agent {})(),
      withMethod,
    ]) {
      https.globalAgent = destroyedAfter(agent);
      expect(agentFor(secure)).toBe(agent);
    }
    http.globalAgent = destroyedAfter(new (class extends http.Agent {})());
    expect(agentFor(plain)).toBe(http.globalAgent);
  });

  it.each<[string, http.Agent]>([
    ['of another class', new (class extends http.Agent {})()],
    ['with its own createConnection', withOwn('createConnection')],
    ['with its own addRequest', withOwn('addRequest')],
  ])(
    "returns Node's if it was replaced before this package was loaded, by one %s",
    (_what, agent) => {
      http.globalAgent = destroyedAfter(agent);
      jest.isolateModules(() => {
        // The cast is needed because require is untyped.
        const loaded = jest.requireActual<{ agentFor: typeof agentFor }>('../../lib/http/agent');
        expect(loaded.agentFor(plain)).toBe(agent);
      });
    },
  );

  it("returns Node's global agent as soon as a CA was set on it, so that a request trusts it", async () => {
    const ion = await startSecureServer(rawResponse('{}', { headers: { Connection: 'close' } }));
    const url = new URL(ion.url);
    const send = (): Promise<IonHttpResponse> =>
      exchange(
        { label: 'it', method: 'GET', url, headers: {}, repeatable: true },
        { timeout: 5_000 },
      );
    expect((await failureOf(send())).message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    const { options } = https.globalAgent as unknown as { options: https.AgentOptions };
    options.ca = ca;
    try {
      expect((await send()).status).toBe(200);
    } finally {
      delete options.ca;
    }
  });
});

describe('IonStrategy: the option agent', () => {
  const tokens = { accessToken: 'A1', refreshToken: 'R1', tokenType: 'Bearer', scope: ['read'] };
  const granted = '{"access_token":"A2","refresh_token":"R2","token_type":"Bearer"}';

  async function strategyWith(agent: https.Agent): Promise<{ strategy: IonStrategy; url: string }> {
    const { url } = await startSecureServer((socket, { path }) => {
      socket.write(rawResponse(path === '/oauth/token/' ? granted : '{}'));
    });
    const client = { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/' };
    const strategy = new IonStrategy({ ...client, baseURL: url, agent }, () => false);
    return { strategy, url };
  }

  function trustingAgent(): https.Agent {
    return destroyedAfter(new https.Agent({ keepAlive: true, ca }));
  }

  it('is used for refreshes, revocations and requests to the API', async () => {
    const agent = trustingAgent();
    const { strategy } = await strategyWith(agent);
    const refreshed = await strategy.refresh(tokens);
    expect(refreshed.accessToken).toBe('A2');
    await strategy.revoke(refreshed);
    expect(await strategy.api(refreshed).get('/schedule')).toEqual({});
    expect(keptBy({ agent })).toHaveLength(1);
  });

  it('is overridden by a later setAgent', async () => {
    const first = trustingAgent();
    const second = trustingAgent();
    const { strategy } = await strategyWith(first);
    strategy._oauth2.setAgent(second);
    await strategy.refresh(tokens);
    expect(keptBy({ agent: first })).toEqual([]);
    expect(keptBy({ agent: second })).toHaveLength(1);
  });
});
