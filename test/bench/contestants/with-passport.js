// Adds the routes of an app that signs people in with a Passport strategy.

'use strict';

function mountStrategy(app, strategy, options = {}) {
  const passport = require('passport');
  passport.use('contestant', strategy);
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  app.use(passport.session());
  app.get('/login', passport.authenticate('contestant', options));
  app.get('/callback', passport.authenticate('contestant'), (_req, res) => res.redirect('/'));
}

module.exports = { mountStrategy };
