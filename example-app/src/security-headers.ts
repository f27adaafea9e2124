// The security headers of every answer.

import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** `ionURL` is where people are sent to sign in. */
export function securityHeaders(ionURL: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      // No script at all, and nothing from other hosts.
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        // Browsers hold a form to this along its redirects too, so a form that ends at Ion's
        // sign-in needs Ion in it.
        formAction: ["'self'", ionURL],
      },
    },
    xFrameOptions: { action: 'deny' },
    // For the app's own host alone to say, which it may share with others.
    strictTransportSecurity: false,
  });
}
