// The security headers of every response.

import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** `ionURL` is where people sign in. */
export function securityHeaders(ionURL: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      // No scripts, and nothing from other hosts.
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        // Chromium checks the redirects after a form as well, so a form that leads to Ion needs this.
        formAction: ["'self'", ionURL],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Off, because it would hold for the whole host, which the app may share with other sites.
    strictTransportSecurity: false,
  });
}
