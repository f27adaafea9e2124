// Tests that the picture of a person is a drawn portrait, or an outline if the person has no photo.

import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';

import { people, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import type { HTTPResponse } from '../contract/support/send.js';
import { getAPI, signIn } from '../requests.js';
import { chunksOf } from './png-chunks.js';

let ion: LocalIon;
let token: string;
beforeAll(async () => {
  ion = await startLocalIon({ now: () => Date.parse('2026-11-24T12:00:00-05:00') });
  token = (await signIn(ion, 'jteacher')).access_token;
});
afterAll(() => ion.stop());

async function picture(path: string): Promise<HTTPResponse> {
  const response = await getAPI(ion, `/api/profile/${path}`, token);
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
  return response;
}

describe('GET /api/profile/<username>/picture', () => {
  it('returns a PNG of 172 by 228 pixels with a palette', async () => {
    const { bytes } = await picture('2028znunez/picture');
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    const chunks = new Map(chunksOf(bytes).map(({ type, data }) => [type, data]));
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(chunks.get('IHDR')).toEqual(Buffer.from([0, 0, 0, 172, 0, 0, 0, 228, 8, 3, 0, 0, 0]));
    const pixels = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
    expect(pixels).toHaveLength(173 * 228);
    expect(Math.max(...pixels)).toBeLessThan((chunks.get('PLTE')?.length ?? 0) / 3);
    // The checksum of IEND, the last chunk, which is the same in every PNG file.
    expect(bytes.subarray(-4).toString('hex')).toBe('ae426082');
  });

  it('returns a different picture for each person, and the same picture every time', async () => {
    const hashes = new Set<string>();
    for (const { ion_username } of people) {
      const [one, other] = [
        await picture(`${ion_username}/picture`),
        await picture(`${ion_username}/picture`),
      ];
      expect(one.bytes).toEqual(other.bytes);
      hashes.add(createHash('sha256').update(one.bytes).digest('hex'));
    }
    expect(hashes.size).toBe(people.length);
  });
});

describe('GET /api/profile/<username>/picture/<year>', () => {
  it('returns the portrait for the school years so far, and the outline for other years', async () => {
    const outline = (await picture('nonames/picture')).bytes;
    const portraits: Record<string, boolean> = {};
    for (const who of ['2028znunez', 'jteacher', '2024sali', '2031mlee', 'nonames']) {
      for (const year of ['freshman', 'junior', 'senior', 'staff', 'Senior', 'kindergarten']) {
        const { bytes } = await picture(`${who}/picture/${year}`);
        portraits[`${who} ${year}`] = !bytes.equals(outline);
      }
    }
    const own = Object.keys(portraits).filter((key) => portraits[key]);
    expect(own).toEqual([
      '2028znunez freshman',
      '2028znunez junior',
      'jteacher staff',
      '2024sali freshman',
      '2024sali junior',
      '2024sali senior',
    ]);
  });
});
