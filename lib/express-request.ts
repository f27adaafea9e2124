// The type of the request that Passport passes to the strategy.

import type OAuth2Strategy = require('passport-oauth2');

/** An Express request. */
export type IonRequest = Parameters<OAuth2Strategy['authenticate']>[0];
