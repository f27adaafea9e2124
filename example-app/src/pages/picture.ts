// One's own picture: Ion gives it only to who has a token, so the browser gets it from here.

import { Router } from 'express';

import type { Ion } from '../sign-in/ion.js';

export function pictureOfUser(ion: Ion): Router {
  const routes = Router();
  routes.get('/picture', async ({ user }, res, next) => {
    // Not requireLogin: an <img> cannot sign in.
    if (!user) {
      next();
      return;
    }
    const { data, contentType } = await ion.api(user).picture(user.id);
    res.type(contentType).set('Cache-Control', 'private, max-age=300');
    // The next person at this computer has another cookie, and must not see it.
    res.vary('Cookie');
    res.send(data);
  });
  return routes;
}
