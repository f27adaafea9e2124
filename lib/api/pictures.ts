// Pictures of people, as Ion's API serves them.

import { IonOptionError } from '../errors.js';

/** A picture, ready to be served: with its bytes and their type. */
export interface IonPicture {
  /** Its bytes. */
  data: Buffer;
  /** `image/jpeg`, `image/png`, `image/gif` or `image/webp`, by what the bytes are. */
  contentType: string;
}

/** Whose year a picture was taken in. */
export type IonPictureYear = 'freshman' | 'sophomore' | 'junior' | 'senior' | 'staff';

const YEARS: readonly unknown[] = ['freshman', 'sophomore', 'junior', 'senior', 'staff'];

/**
 * The path of a picture.
 *
 * @throws {@link IonOptionError} where the person or the year is none that Ion could have.
 */
export function picturePath(person: string | number, year: IonPictureYear | undefined): string {
  const isOne = typeof person === 'number' ? Number.isSafeInteger(person) : true;
  if (!isOne || !/^[A-Za-z0-9]+$/.test(String(person))) {
    throw new IonOptionError(
      'idOrUsername',
      'IonAPI: idOrUsername must be the id of a profile, or a username, which has letters and digits only',
    );
  }
  if (year !== undefined && !YEARS.includes(year)) {
    throw new IonOptionError('year', `IonAPI: year must be one of ${YEARS.join(', ')}`);
  }
  return `/profile/${person}/picture${year === undefined ? '' : `/${year}`}`;
}

/**
 * The type of a picture, by its first bytes: Ion calls a PNG `image/jpeg`. Undefined where it is no
 * picture that every browser shows.
 */
export function pictureType(data: Buffer): string | undefined {
  const begins = data.toString('latin1', 0, 12);
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (/^GIF8[79]a/.test(begins)) return 'image/gif';
  return /^RIFF[^]{4}WEBP/.test(begins) ? 'image/webp' : undefined;
}
