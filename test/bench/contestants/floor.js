'use strict';

const { once } = require('node:events');
const { URLSearchParams } = require('node:url');

module.exports = {
  how: 'express-session and two bare exchanges by node:https with a keep-alive agent; nothing checked',
  packages: [],
  load: () => require('node:https'),
  mount(app, { authorizationURL, tokenURL, profileURL, clientID, clientSecret, callbackURL }) {
    const https = require('node:https');
    const agent = new https.Agent({ keepAlive: true });
    app.get('/login', (_req, res) => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientID,
        redirect_uri: callbackURL,
        scope: 'read',
      });
      res.redirect(`${authorizationURL}?${query}`);
    });
    app.get('/callback', async (req, res) => {
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code: req.query.code,
        redirect_uri: callbackURL,
        client_id: clientID,
        client_secret: clientSecret,
      });
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const tokens = await json(
        https.request(tokenURL, { agent, method: 'POST', headers: type }),
        String(form),
      );
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      const profile = await json(https.request(profileURL, { agent, headers }));
      req.session.user = { id: String(profile.id) };
      res.redirect('/');
    });
  },
};

async function json(request, body) {
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}
