'use strict';

const { mountStrategy } = require('./with-passport.js');

// Beside the contestants: only what a sign-in that nobody finishes leaves behind is measured.
module.exports = {
  mount(app, { ion, clientID, clientSecret, callbackURL }) {
    const { CookieStateStore, IonStrategy } = require('passport-ion');
    const store = new CookieStateStore({ secret: 'a secret of thirty-two characters or more' });
    const options = { clientID, clientSecret, callbackURL, baseURL: ion, store };
    mountStrategy(app, new IonStrategy(options, ({ profile }) => ({ id: profile.id })));
  },
};
