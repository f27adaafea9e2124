// Holds the code that the apps on all frameworks share.

import process from 'node:process';

/** The strategy's options. */
export const ion = {
  clientID: process.env.ION_CLIENT_ID,
  clientSecret: process.env.ION_CLIENT_SECRET,
  baseURL: process.env.ION_BASE_URL,
  callbackURL: '/complete/ion/',
};

/** Whether the app trusts the proxy in front of it. */
export const trustProxy = process.env.TRUST_PROXY === 'yes';

export function welcome(user) {
  return user ? `Hello, ${user.name}` : 'Nobody is signed in';
}

/** Tells the test which address the server is listening on. */
export function listening(server) {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/\n`);
}
