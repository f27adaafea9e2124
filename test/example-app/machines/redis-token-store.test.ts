import { TokenVault } from 'passport-ion';

import { RedisTokenStore } from '../../../example-app/src/redis/token-store.js';
import { connectToRedis } from '../../../example-app/src/redis/connection.js';
import type { RedisConnection } from '../../../example-app/src/redis/connection.js';
import { StorageError } from '../../../example-app/src/store-interfaces.js';
import { RedisServer } from './redis-server.js';
import { tokensNamed } from '../tokens-named.js';

const HOUR = 60 * 60 * 1000;

let server: RedisServer;
let connection: RedisConnection;
const log: string[] = [];

beforeAll(async () => {
  server = await RedisServer.prepare();
  await server.start();
  connection = await connectToRedis(server.url, (line) => log.push(line));
});
afterAll(() => {
  connection.close();
});

function storeFor({ prefix = 'tokens:', lifetimeMS = HOUR } = {}): RedisTokenStore {
  const vault = new TokenVault('a-secret-of-thirty-two-characters');
  return new RedisTokenStore(connection.commands, vault, { prefix, lifetimeMS });
}

describe('the token store in Redis', () => {
  it('loads what was saved for each user', async () => {
    const store = storeFor();
    await store.save('1', tokensNamed('one'));
    await store.save('2', tokensNamed('two'));
    await store.save('1', tokensNamed('newer'));
    expect(await store.load('1')).toEqual(tokensNamed('newer'));
    expect(await store.load('2')).toEqual(tokensNamed('two'));
    expect(await store.load('3')).toBeUndefined();
  });

  it("deletes only one user's tokens", async () => {
    const store = storeFor();
    await store.save('4', tokensNamed('four'));
    await store.save('5', tokensNamed('five'));
    await store.delete('4');
    expect(await store.load('4')).toBeUndefined();
    expect(await store.load('5')).toEqual(tokensNamed('five'));
  });

  it('keeps tokens for their lifetime after the last use', async () => {
    await storeFor({ lifetimeMS: HOUR }).save('6', tokensNamed('six'));
    const saved = (await server.contents()).get('tokens:6')?.seconds ?? 0;
    await storeFor({ lifetimeMS: 2 * HOUR }).load('6');
    const used = (await server.contents()).get('tokens:6')?.seconds ?? 0;
    expect(Math.ceil(saved / 3600)).toBe(1);
    expect(Math.ceil(used / 3600)).toBe(2);
  });

  it('stores only sealed tokens', async () => {
    await storeFor().save('7', tokensNamed('seven'));
    const { value } = (await server.contents()).get('tokens:7') ?? { value: '' };
    expect(value).toMatch(/^ion1\./);
    expect(value).not.toContain('seven');
  });

  it("fails with a StorageError if Redis refuses a command, without repeating Redis's message", async () => {
    const client = connection.commands;
    await client.set('tokens:8', 'x', { expiration: { type: 'EX', value: 60 } });
    const error: unknown = await client.expire('tokens:8', Number.NaN).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({
      code: 'ERR_STORAGE',
      status: 503,
      message: 'Redis did not carry out a command (ERR)',
    });
    expect(log).toEqual([]);
  });
});
