'use strict';

const { mountStrategy } = require('./with-passport.js');

module.exports = {
  how: 'as in its README (no state, no PKCE), its URLs set to Ion’s',
  packages: ['passport-github2'],
  load: () => require('passport-github2'),
  mount(app, { profileURL, ...options }) {
    const { Strategy } = require('passport-github2');
    const strategy = new Strategy(
      { ...options, userProfileURL: profileURL },
      (_accessToken, _refreshToken, profile, done) => done(null, { id: profile.id }),
    );
    mountStrategy(app, strategy, { scope: ['read'] });
  },
};
