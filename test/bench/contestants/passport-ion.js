'use strict';

const { mountStrategy } = require('./with-passport.js');

module.exports = {
  how: 'with its defaults: state, PKCE, profile',
  packages: ['passport-ion'],
  load: () => require('passport-ion'),
  mount(app, { ion, clientID, clientSecret, callbackURL }) {
    const { IonStrategy } = require('passport-ion');
    const options = { clientID, clientSecret, callbackURL, baseURL: ion };
    mountStrategy(app, new IonStrategy(options, ({ profile }) => ({ id: profile.id })));
  },
};
