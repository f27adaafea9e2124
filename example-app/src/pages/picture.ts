// Serves the signed-in person's own picture. Ion sends it only to requests with a token, so browsers get it here.

import { Router } from 'express';
import { IonAPIError } from 'passport-ion';
import type { IonPicture } from 'passport-ion';

import type { Ion } from '../sign-in/ion.js';

export function pictureOfUser(ion: Ion): Router {
  const routes = Router();
  routes.get('/picture', async ({ user, baseUrl }, res, next) => {
    // This does not use requireSignIn, because that redirects to Ion, and an <img> cannot sign in there.
    if (!user) {
      next();
      return;
    }
    const picture = await pictureFrom(ion, user);
    if (!picture) {
      res.redirect(`${baseUrl}/no-picture.svg`);
      return;
    }
    const { data, contentType } = picture;
    res.type(contentType).set('Cache-Control', 'private, max-age=300');
    // The next person at this computer has a different cookie, and must not see this picture.
    res.vary('Cookie');
    res.send(data);
  });
  return routes;
}

/** Returns undefined for people who may not even see their own picture, such as alumni. */
async function pictureFrom(ion: Ion, user: Express.User): Promise<IonPicture | undefined> {
  try {
    return await ion.api(user).picture(user.id);
  } catch (error) {
    if (error instanceof IonAPIError && error.ionStatus === 403) return undefined;
    throw error;
  }
}
