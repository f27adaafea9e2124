// Tests afterLogIn and explainSessionError, which follow Passport's log-in.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import type { IonRequest } from 'passport-ion';

import { IonSessionError } from '../../lib/errors.js';
import { afterLogIn, explainSessionError } from '../../lib/sign-in/session-at-log-in.js';

describe('afterLogIn, if logIn returns a promise as in @fastify/passport', () => {
  function requestWith(logIn: () => Promise<void>): IonRequest {
    const req = Object.assign(new IncomingMessage(new Socket()), { session: {}, logIn });
    // Cast because a Fastify request lacks the rest of an Express request.
    return req as unknown as IonRequest;
  }
  const logInTo = (req: IonRequest): Promise<void> =>
    // Cast because Passport's declarations have logIn only with a callback.
    (req.logIn as unknown as (user: object) => Promise<void>)({ id: '3' });

  it('acts on the new session before the promise is fulfilled', async () => {
    const fresh = { user: '3' };
    const req = requestWith(async () => {
      await Promise.resolve();
      Object.assign(req, { session: fresh });
    });
    afterLogIn(req, () => Object.assign(req.session, { signIns: ['another tab'] }));
    await logInTo(req);
    expect(fresh).toEqual({ user: '3', signIns: ['another tab'] });
  });

  it('does not act if the promise is rejected, and passes on the error', async () => {
    const error = new Error('the store is down');
    const req = requestWith(() => Promise.reject(error));
    const action = jest.fn();
    afterLogIn(req, action);
    await expect(logInTo(req)).rejects.toBe(error);
    expect(action).not.toHaveBeenCalled();
  });
});

describe('explainSessionError', () => {
  const requestIn = (kept: unknown): IonRequest =>
    // The cast is safe because Express adds the session in a real app, and Passport the rest.
    Object.assign(new IncomingMessage(new Socket()), { session: kept }) as unknown as IonRequest;
  const error = new TypeError('req.session.regenerate is not a function');
  const method = (): undefined => undefined;

  it.each([
    [{}, 'no regenerate and no save'],
    [{ regenerate: method }, 'no save'],
    [{ save: method }, 'no regenerate'],
    [{ save: 'x', regenerate: method }, 'no save'],
  ])('returns an error that explains what the session %j lacks', (kept, lacking) => {
    const explanation = explainSessionError(requestIn(kept), error);
    expect(explanation).toBeInstanceOf(IonSessionError);
    expect(explanation).toMatchObject({ code: 'ERR_ION_SESSION', status: 500, cause: error });
    expect((explanation as Error).message).toContain(
      `req.session has ${lacking}, which Passport calls`,
    );
    expect((explanation as Error).message).toContain(
      '"cookie-session" in passport-ion\'s guide on sessions',
    );
  });

  it('returns any other error unchanged', () => {
    for (const other of [new Error('my database is down'), 'x', undefined, new TypeError('save')]) {
      expect(explainSessionError(requestIn({}), other)).toBe(other);
    }
  });

  it('returns the error unchanged if the session has what Passport calls, or does not exist', () => {
    expect(explainSessionError(requestIn({ regenerate: method, save: method }), error)).toBe(error);
    expect(explainSessionError(requestIn(undefined), error)).toBe(error);
    expect(explainSessionError(requestIn(null), error)).toBe(error);
  });
});
