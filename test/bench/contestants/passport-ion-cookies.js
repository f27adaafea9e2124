'use strict';

const { mountStrategy } = require('./with-passport.js');

// A contestant only in the measurement of what unfinished sign-ins leave behind.
module.exports = {
  mount(app, { ion, clientID, clientSecret, callbackURL }) {
    const { CookieStateStore, IonStrategy } = require('passport-ion');
    const store = new CookieStateStore({ secret: 'a secret of thirty-two characters or more' });
    const options = { clientID, clientSecret, callbackURL, baseURL: ion, store };
    mountStrategy(app, new IonStrategy(options, ({ profile }) => ({ id: profile.id })));
  },
};
