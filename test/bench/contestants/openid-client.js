'use strict';

const { URL } = require('node:url');

const { mountStrategy } = require('./with-passport.js');

module.exports = {
  how: 'its Passport strategy (PKCE); verify gets Ion’s profile by fetchProtectedResource',
  packages: ['openid-client'],
  load: () => import('openid-client/passport'),
  async mount(
    app,
    { ion, authorizationURL, tokenURL, profileURL, clientID, clientSecret, callbackURL },
  ) {
    const client = await import('openid-client');
    const { Strategy } = await import('openid-client/passport');
    const server = {
      issuer: ion,
      authorization_endpoint: authorizationURL,
      token_endpoint: tokenURL,
      code_challenge_methods_supported: ['S256'],
    };
    const authentication = client.ClientSecretPost(clientSecret);
    const config = new client.Configuration(server, clientID, {}, authentication);
    const strategy = new Strategy(
      { config, callbackURL, scope: 'read' },
      async ({ access_token: accessToken }, done) => {
        const url = new URL(profileURL);
        const response = await client.fetchProtectedResource(config, accessToken, url, 'GET');
        const profile = await response.json();
        done(null, { id: String(profile.id) });
      },
    );
    mountStrategy(app, strategy);
  },
};
