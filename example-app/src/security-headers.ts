// Sets the security headers on every response.

import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Creates the middleware. `ionURL` is where people sign in. */
export function securityHeaders(ionURL: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      // Allow no scripts, and nothing from other hosts.
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        // Chromium also checks redirects after a form is submitted, so forms that lead to Ion need this.
        formAction: ["'self'", ionURL],
      },
    },
    xFrameOptions: { action: 'deny' },
    // HSTS is off, because it would apply to the entire host, which the app might share with other sites.
    strictTransportSecurity: false,
  });
}
