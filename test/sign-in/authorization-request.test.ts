import { createHash } from 'node:crypto';

import { authorizationRequest, extraParameters } from '../../lib/sign-in/authorization-request.js';
import type { AuthorizationRequest } from '../../lib/sign-in/authorization-request.js';
import { IonOptionError } from '../../lib/errors.js';
import type { IonAuthenticateOptions } from '../../lib/options.js';

const ENDPOINT = 'https://ion.example/oauth/authorize/';
const request: AuthorizationRequest = {
  clientID: 'AbC',
  redirectURI: 'https://app.example/complete/ion/',
  scope: 'read write',
  state: 'xyz',
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
};

function parametersOf(
  changes: Partial<AuthorizationRequest> = {},
  extra: Record<string, string | undefined> = {},
): [string, string][] {
  const url = new URL(authorizationRequest(ENDPOINT, extra, { ...request, ...changes }));
  expect(url.origin + url.pathname).toBe(ENDPOINT);
  return [...url.searchParams];
}

describe('authorizationRequest', () => {
  it("returns a URL with Ion's parameters, each once", () => {
    expect(parametersOf()).toEqual([
      ['response_type', 'code'],
      ['client_id', 'AbC'],
      ['redirect_uri', 'https://app.example/complete/ion/'],
      ['scope', 'read write'],
      ['state', 'xyz'],
      // The verifier and challenge from RFC 7636, appendix B.
      ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
      ['code_challenge_method', 'S256'],
    ]);
  });

  it('sends the challenge and not the verifier', () => {
    const url = authorizationRequest(ENDPOINT, {}, request);
    expect(url).not.toContain(request.verifier);
    const digest = createHash('sha256').update(String(request.verifier)).digest('base64url');
    expect(url).toContain(digest);
  });

  it('leaves out state and code_challenge if there are none', () => {
    const names = parametersOf({ state: undefined, verifier: undefined }).map(([name]) => name);
    expect(names).toEqual(['response_type', 'client_id', 'redirect_uri', 'scope']);
  });

  it('encodes every character of every value', () => {
    const odd = 'a b&c=d/é+%#?"\'<>';
    const values = parametersOf({ redirectURI: odd, state: odd, clientID: odd }).filter(
      ([, value]) => value === odd,
    );
    expect(values.map(([name]) => name)).toEqual(['client_id', 'redirect_uri', 'state']);
  });

  it('adds the extra parameters, except those that would replace its own', () => {
    const extra = {
      prompt: 'login',
      missing: undefined,
      response_type: 'token',
      client_id: 'evil',
      redirect_uri: 'https://evil.example',
      scope: 'write',
      state: 'fixed',
      code_challenge: 'x',
      code_challenge_method: 'plain',
    };
    const parameters = parametersOf({}, extra);
    expect(parameters).toHaveLength(8);
    expect(Object.fromEntries(parameters)).toEqual({
      ...Object.fromEntries(parametersOf()),
      prompt: 'login',
    });
    const bare = parametersOf({ state: undefined, verifier: undefined }, extra);
    expect(bare.map(([name]) => name).sort()).toEqual([
      'client_id',
      'prompt',
      'redirect_uri',
      'response_type',
      'scope',
    ]);
  });
});

describe('extraParameters', () => {
  it.each<[IonAuthenticateOptions, Record<string, string>]>([
    [{}, {}],
    [{ prompt: undefined, approvalPrompt: undefined }, {}],
    [{ prompt: 'login' }, { prompt: 'login' }],
    [{ approvalPrompt: 'auto' }, { approval_prompt: 'auto' }],
    [
      { prompt: 'login', approvalPrompt: 'auto' },
      { prompt: 'login', approval_prompt: 'auto' },
    ],
    [{ failureRedirect: '/', session: false }, {}],
  ])('turns the options %j into %j', (options, expected) => {
    const given = Object.entries(extraParameters(options)).filter(
      ([, value]) => value !== undefined,
    );
    expect(Object.fromEntries(given)).toEqual(expected);
  });

  it.each([
    ['prompt', 'none', 'login'],
    ['prompt', 'consent', 'login'],
    ['prompt', '', 'login'],
    ['prompt', null, 'login'],
    ['approvalPrompt', 'force', 'auto'],
    ['approvalPrompt', true, 'auto'],
  ])('throws IonOptionError if %s is %j', (option, value, only) => {
    let thrown: unknown;
    try {
      extraParameters({ [option]: value });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(IonOptionError);
    expect(thrown).toMatchObject({
      code: 'ERR_ION_OPTION',
      option,
      message: `IonStrategy: ${option} of passport.authenticate must be '${only}', or left out`,
    });
  });
});
