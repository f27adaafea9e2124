// Removes the tarball that pack.ts made.

import { rmSync } from 'node:fs';

export default function removeTarball(): void {
  const { PACKED_HERE } = process.env;
  if (PACKED_HERE !== undefined) rmSync(PACKED_HERE, { recursive: true });
}
