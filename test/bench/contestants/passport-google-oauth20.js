'use strict';

const { mountStrategy } = require('./with-passport.js');

module.exports = {
  how: 'as in its README (no state, no PKCE), its URLs set to Ion’s',
  packages: ['passport-google-oauth20'],
  load: () => require('passport-google-oauth20'),
  mount(app, { profileURL, ...options }) {
    const { Strategy } = require('passport-google-oauth20');
    const strategy = new Strategy(
      { ...options, userProfileURL: profileURL },
      (_accessToken, _refreshToken, profile, done) => done(null, { id: String(profile.id) }),
    );
    mountStrategy(app, strategy, { scope: ['read'] });
  },
};
