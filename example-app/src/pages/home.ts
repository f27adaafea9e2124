// Shows the home page, which has a button to sign in, or shows the person who is signed in.

import { Router } from 'express';

export function homePage(): Router {
  const routes = Router();
  routes.get('/', ({ user }, res) => {
    res.render('home', { title: user ? 'You are signed in' : 'Sign in' });
  });
  return routes;
}
