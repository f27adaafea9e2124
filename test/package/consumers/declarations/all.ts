// Every entry point of the package, for the compiler to check with all that they lead to.

import * as localIon from 'passport-ion/local-ion';
import * as main from 'passport-ion';

export const strategy: typeof main.IonStrategy = main.default;
export const start: typeof localIon.startLocalIon = localIon.startLocalIon;
