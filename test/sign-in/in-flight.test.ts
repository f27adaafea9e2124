import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import type { IonRequest } from 'passport-ion';

import { NoState, withState } from '../../lib/sign-in/in-flight.js';

const redirectURI = 'https://app.example/complete/ion/';
// The cast is safe because an app without sessions has requests like this one.
const noSession = new IncomingMessage(new Socket()) as IonRequest;

describe('NoState', () => {
  it('keeps nothing, and accepts every callback', async () => {
    const none = new NoState();
    await expect(none.begin(noSession, { redirectURI })).resolves.toBeUndefined();
    await expect(none.take(noSession, 'x', 'https://app.example/')).resolves.toEqual({
      signIn: { redirectURI: 'https://app.example/' },
    });
  });
});

describe('NoState.begin, with a state for the app', () => {
  it('returns a string unchanged, to be sent to Ion', async () => {
    const begun = new NoState().begin(noSession, { redirectURI, state: 'my own' });
    await expect(begun).resolves.toBe('my own');
  });

  it('throws IonOptionError for anything else, since nothing would keep it', async () => {
    const begun = new NoState().begin(noSession, { redirectURI, state: { a: 1 } });
    await expect(begun).rejects.toMatchObject({ code: 'ERR_ION_OPTION', option: 'state' });
  });
});

describe('withState', () => {
  const state = { returnTo: '/lunch' };

  it.each([
    [undefined, { state }],
    [null, { state }],
    ['not on the list', { message: 'not on the list', state }],
    [
      { message: 'hello', scope: ['a'] },
      { message: 'hello', scope: ['a'], state },
    ],
    [{ state: 'its own' }, { state }],
  ])("adds the app's state to the info %j", (info, expected) => {
    expect(withState(info, state)).toEqual(expected);
  });

  it.each([[undefined], ['not on the list'], [{ state: 'its own' }]])(
    'returns the info %j unchanged if there is no state',
    (info) => {
      expect(withState(info, undefined)).toBe(info);
    },
  );

  it('does not change the info that it is given', () => {
    const info = Object.freeze({ message: 'hello' });
    expect(withState(info, state)).not.toBe(info);
  });

  it('adds a state that is null, 0 or false too', () => {
    for (const falsy of [null, 0, false, ''])
      expect(withState({}, falsy)).toEqual({ state: falsy });
  });
});
