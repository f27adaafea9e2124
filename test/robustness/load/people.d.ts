import type { Person } from 'passport-ion/local-ion';

export const people: readonly (Person & { readonly id: number })[];
