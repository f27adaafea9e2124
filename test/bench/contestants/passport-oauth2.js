'use strict';

const { mountStrategy } = require('./with-passport.js');

module.exports = {
  how: 'state and PKCE on; a userProfile that GETs Ion’s profile and parses it',
  packages: ['passport-oauth2'],
  load: () => require('passport-oauth2'),
  mount(app, { authorizationURL, tokenURL, profileURL, clientID, clientSecret, callbackURL }) {
    const OAuth2Strategy = require('passport-oauth2');
    const strategy = new OAuth2Strategy(
      {
        authorizationURL,
        tokenURL,
        clientID,
        clientSecret,
        callbackURL,
        scope: 'read',
        state: true,
        pkce: true,
      },
      (_accessToken, _refreshToken, profile, done) => done(null, { id: String(profile.id) }),
    );
    strategy._oauth2.useAuthorizationHeaderforGET(true);
    strategy.userProfile = function (accessToken, done) {
      this._oauth2.get(profileURL, accessToken, (error, body) => {
        if (error) done(error);
        else done(null, JSON.parse(body));
      });
    };
    mountStrategy(app, strategy);
  },
};
