import { inspect } from 'node:util';

import { TokenVault } from 'passport-ion';

import { MemoryTokenStore } from '../../example-app/src/memory/token-store.js';
import { tokensNamed } from './tokens-named.js';

const vault = new TokenVault('a-secret-of-thirty-two-characters');

describe('MemoryTokenStore', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('loads what was saved for this user', async () => {
    const store = new MemoryTokenStore(vault, { maxPeople: 10, lifetimeMS: 1000 });
    await store.save('1', tokensNamed('one'));
    await store.save('2', tokensNamed('two'));
    await store.save('1', tokensNamed('newer'));
    expect(await store.load('1')).toEqual(tokensNamed('newer'));
    expect(await store.load('2')).toEqual(tokensNamed('two'));
    expect(await store.load('3')).toBeUndefined();
  });

  it("deletes only one user's tokens", async () => {
    const store = new MemoryTokenStore(vault, { maxPeople: 10, lifetimeMS: 1000 });
    await store.save('1', tokensNamed('one'));
    await store.save('2', tokensNamed('two'));
    await store.delete('1');
    expect(await store.load('1')).toBeUndefined();
    expect(await store.load('2')).toEqual(tokensNamed('two'));
  });

  it('drops the least recently used tokens beyond its maximum', async () => {
    const store = new MemoryTokenStore(vault, { maxPeople: 2, lifetimeMS: 1000 });
    await store.save('1', tokensNamed('one'));
    await store.save('2', tokensNamed('two'));
    await store.load('1');
    await store.save('3', tokensNamed('three'));
    expect(await store.load('2')).toBeUndefined();
    expect(await store.load('1')).toEqual(tokensNamed('one'));
    expect(await store.load('3')).toEqual(tokensNamed('three'));
  });

  it('keeps tokens for their lifetime after the last use', async () => {
    jest.useFakeTimers({ now: 0 });
    const store = new MemoryTokenStore(vault, { maxPeople: 10, lifetimeMS: 1000 });
    await store.save('1', tokensNamed('one'));
    await store.save('2', tokensNamed('two'));
    jest.setSystemTime(999);
    expect(await store.load('1')).toEqual(tokensNamed('one'));
    jest.setSystemTime(1000);
    expect(await store.load('2')).toBeUndefined();
    expect(await store.load('1')).toEqual(tokensNamed('one'));
  });

  it('stores only sealed tokens', async () => {
    const sealed: string[] = [];
    const seal = jest.spyOn(vault, 'seal');
    const store = new MemoryTokenStore(vault, { maxPeople: 10, lifetimeMS: 1000 });
    await store.save('1', tokensNamed('one'));
    sealed.push(...seal.mock.results.map(({ value }) => value as string));
    expect(sealed).toEqual([expect.stringMatching(/^ion1\./) as string]);
    expect(inspect(store, { depth: 10, showHidden: true })).not.toMatch(/access-one|refresh-one/);
  });
});
