'use strict';

const { fetch } = globalThis;

module.exports = {
  how: 'as in Ion’s guide (no state, no PKCE), in its present API; the profile by fetch',
  packages: ['simple-oauth2'],
  load: () => require('simple-oauth2'),
  mount(app, { ion, profileURL, clientID, clientSecret, callbackURL }) {
    const { AuthorizationCode } = require('simple-oauth2');
    const oauth = new AuthorizationCode({
      client: { id: clientID, secret: clientSecret },
      auth: { tokenHost: ion, authorizePath: '/oauth/authorize/', tokenPath: '/oauth/token/' },
    });
    app.get('/login', (_req, res) => {
      res.redirect(oauth.authorizeURL({ scope: 'read', redirect_uri: callbackURL }));
    });
    app.get('/callback', async (req, res) => {
      const { token } = await oauth.getToken({ code: req.query.code, redirect_uri: callbackURL });
      const headers = { authorization: `Bearer ${token.access_token}` };
      const profile = await (await fetch(profileURL, { headers })).json();
      req.session.user = { id: String(profile.id) };
      req.session.tokens = token;
      res.redirect('/');
    });
  },
};
