// Imports every entry point of the package, so that the compiler checks them and everything they import.

import * as localIon from 'passport-ion/local-ion';
import * as main from 'passport-ion';

export const strategy: typeof main.IonStrategy = main.default;
export const start: typeof localIon.startLocalIon = localIon.startLocalIon;
