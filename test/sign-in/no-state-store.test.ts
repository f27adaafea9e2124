// Tests sign-ins without a stored state: state is off, and the app's own string is sent to Ion.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import type { IonRequest } from 'passport-ion';

import { NoStateStore } from '../../lib/sign-in/no-state-store.js';

const redirectURI = 'https://app.example/complete/ion/';
// The cast is safe because an app without sessions has requests like this one.
const noSession = new IncomingMessage(new Socket()) as IonRequest;

describe('NoStateStore', () => {
  it('keeps nothing, and accepts every callback', async () => {
    const none = new NoStateStore();
    await expect(none.begin(noSession, { redirectURI })).resolves.toBeUndefined();
    await expect(none.take(noSession, 'x', 'https://app.example/')).resolves.toEqual({
      signIn: { redirectURI: 'https://app.example/' },
    });
  });
});

describe('NoStateStore.begin, with a state for the app', () => {
  it('returns a string unchanged, to be sent to Ion', async () => {
    const begun = new NoStateStore().begin(noSession, { redirectURI, state: 'my own' });
    await expect(begun).resolves.toBe('my own');
  });

  it('throws IonOptionError for anything else, since nothing would keep it', async () => {
    const begun = new NoStateStore().begin(noSession, { redirectURI, state: { a: 1 } });
    await expect(begun).rejects.toMatchObject({ code: 'ERR_ION_OPTION', option: 'state' });
  });
});
