// The local Ion where nobody has installed Express.

import { LocalIonError, startLocalIon } from 'passport-ion/local-ion';

jest.mock('express', () => {
  throw Object.assign(new Error("Cannot find module 'express'"), { code: 'MODULE_NOT_FOUND' });
});

describe('without Express', () => {
  it('says what to install', async () => {
    const starting = startLocalIon();
    await expect(starting).rejects.toBeInstanceOf(LocalIonError);
    await expect(starting).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_EXPRESS',
      message:
        'local Ion: it runs on Express, which is not installed; install it with: npm install express',
    });
  });
});
