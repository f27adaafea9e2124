// Tests the options that startLocalIon refuses.

import { LocalIonError, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIonOptions } from 'passport-ion/local-ion';

import { CALLBACK } from './requests.js';

describe('startLocalIon', () => {
  it.each<[string, unknown]>([
    ['prot is unknown', { prot: 1 }],
    ['port must be', { port: -1 }],
    ['port must be', { port: 65_536 }],
    ['port must be', { port: '8080' }],
    ['host must be', { host: '' }],
    ['host must be', { host: 'http://localhost' }],
    ['allowHosts must be', { allowHosts: 'ion' }],
    ['allowHosts[1] must be', { allowHosts: ['ion', 'ion:8080'] }],
    ['allowHosts[0] must be', { allowHosts: ['http://ion'] }],
    ['allowHosts[0] must be', { allowHosts: ['*'] }],
    ['now must be', { now: 1 }],
    ['log must be', { log: true }],
    ['people must be', { people: [] }],
    ['people must be', { people: { ion_username: 'a' } }],
    ['applications must be', { applications: [] }],
    ['applications must be', { applications: { clientID: 'a' } }],
    ['applications[0] must be', { applications: [null] }],
    ['applications[0].clientID must be', { applications: [{}] }],
    ['applications[0].clientID must be', { applications: [{ clientID: 'a b' }] }],
    ['applications[0].clientId is unknown', { applications: [{ clientId: 'a' }] }],
    [
      'applications[0].clientSecret must be',
      { applications: [{ clientID: 'a', clientSecret: '' }] },
    ],
    ['applications[0].name must be', { applications: [{ clientID: 'a', name: 1 }] }],
    ['applications[0].sanctioned must be', { applications: [{ clientID: 'a', sanctioned: 1 }] }],
    ['applications[0].grantType must be', { applications: [{ clientID: 'a', grantType: 'x' }] }],
    [
      'applications[1].clientID is already used',
      { applications: [{ clientID: 'a' }, { clientID: 'a' }] },
    ],
    [
      'applications[0].redirectURIs must be',
      { applications: [{ clientID: 'a', redirectURIs: [] }] },
    ],
    [
      'applications[0].redirectURIs must be',
      { applications: [{ clientID: 'a', redirectURIs: CALLBACK }] },
    ],
    ...[
      '/cb',
      'ftp://localhost/cb',
      'http://localhost/cb#f',
      'http://localhost/a b',
      'http://',
    ].map((uri): [string, unknown] => [
      'applications[0].redirectURIs[0] must be',
      { applications: [{ clientID: 'a', redirectURIs: [uri] }] },
    ]),
  ])('throws ERR_LOCAL_ION_OPTION: %s, for %j', async (message, options) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    const starting = startLocalIon(options as LocalIonOptions);
    await expect(starting).rejects.toBeInstanceOf(LocalIonError);
    await expect(starting).rejects.toMatchObject({
      name: 'LocalIonError',
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(`local Ion: ${message}`) as string,
    });
  });

  it('does not show a wrong clientSecret in its error', async () => {
    const applications = [{ clientID: 'a', clientSecret: ['hush'] as unknown as string }];
    const error: unknown = await startLocalIon({ applications }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('applications[0].clientSecret must be a string');
    expect(String(error)).not.toContain('hush');
  });
});
