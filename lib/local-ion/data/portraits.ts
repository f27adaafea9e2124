// Draws a portrait of each person, the same one every time, and a gray outline for people without a photo.

import { createHash } from 'node:crypto';

import type { DirectoryEntry } from './directory.js';
import { png } from './png.js';
import type { Color } from './png.js';

const WIDTH = 172;
const HEIGHT = 228;
const MIDDLE = WIDTH / 2;

type Colors = readonly [Color, ...Color[]];

const BACKGROUNDS: Colors = [
  [205, 222, 235],
  [222, 235, 205],
  [240, 222, 200],
  [226, 212, 238],
  [250, 238, 190],
];
const SKINS: Colors = [
  [248, 215, 190],
  [224, 172, 125],
  [186, 124, 80],
  [124, 78, 48],
];
const HAIRS: Colors = [
  [38, 30, 26],
  [96, 58, 30],
  [196, 148, 70],
  [150, 62, 34],
  [228, 200, 138],
];
const CLOTHES: Colors = [
  [122, 42, 62],
  [36, 74, 122],
  [44, 104, 72],
  [92, 60, 130],
  [176, 92, 32],
];
const DARK: Color = [32, 28, 26];
const LIGHT_GRAY: Color = [222, 222, 222];
const GRAY: Color = [150, 150, 150];

const [BACKGROUND, SKIN, HAIR, CLOTH, LINE] = [0, 1, 2, 3, 4];

const portraits = new WeakMap<DirectoryEntry, Buffer>();

/** Returns the person's portrait as a PNG, or the outline if Ion has no photo of them. */
export function portraitOf(person: DirectoryEntry): Buffer {
  if (!person.photo) return outline();
  const portrait = portraits.get(person) ?? draw(person);
  portraits.set(person, portrait);
  return portrait;
}

let drawnOutline: Buffer | undefined;

/** Returns the picture for people without a photo. */
export function outline(): Buffer {
  drawnOutline ??= png(WIDTH, HEIGHT, [LIGHT_GRAY, GRAY], (x, y) =>
    isHead(x, y) || isBody(x, y) ? 1 : 0,
  );
  return drawnOutline;
}

function draw({ id, ion_username }: DirectoryEntry): Buffer {
  const bytes = createHash('sha256').update(ion_username).digest();
  const pick = <T>(from: readonly [T, ...T[]], at: number): T =>
    from[(bytes.readUInt8(at) + id) % from.length] ?? from[0];
  const hairLine = 62 + (bytes.readUInt8(4) % 20);
  const hairEnd = pick([100, 118, 150, 176], 5);
  const glasses = bytes.readUInt8(6) % 3 === 0;
  const palette = [pick(BACKGROUNDS, 0), pick(SKINS, 1), pick(HAIRS, 2), pick(CLOTHES, 3), DARK];
  return png(WIDTH, HEIGHT, palette, (x, y) => {
    const aside = Math.abs(x - MIDDLE);
    if (isFeature(aside, y, glasses)) return LINE;
    if (isHead(x, y)) return y < hairLine + aside / 6 ? HAIR : SKIN;
    const isHair = y < 100 ? isEllipse(x, y, 100, 55, 62) : aside > 26 && aside < 55;
    if (isHair && y < hairEnd) return HAIR;
    if (isBody(x, y)) return aside < 20 && y < 182 ? SKIN : CLOTH;
    return BACKGROUND;
  });
}

// Whether a pixel is part of the eyes, mouth or glasses. `aside` is the pixel's distance from the middle column.
function isFeature(aside: number, y: number, glasses: boolean): boolean {
  const eye = Math.hypot(aside - 17, y - 104);
  const mouth = aside < 14 && Math.abs(y - 134 + (aside * aside) / 40) < 1.5;
  const frame = glasses && (Math.abs(eye - 13) < 1.3 || (aside < 5 && Math.abs(y - 102) < 1.3));
  return eye < 3.5 || mouth || frame;
}

function isHead(x: number, y: number): boolean {
  return isEllipse(x, y, 108, 46, 56);
}

function isBody(x: number, y: number): boolean {
  const neck = Math.abs(x - MIDDLE) < 18 && y > 140;
  return neck || isEllipse(x, y, 236, 78, 66);
}

function isEllipse(
  x: number,
  y: number,
  center: number,
  radiusX: number,
  radiusY: number,
): boolean {
  return ((x - MIDDLE) / radiusX) ** 2 + ((y - center) / radiusY) ** 2 < 1;
}
