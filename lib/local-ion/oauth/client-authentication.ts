// Which application a request to the token, revocation or introspection endpoint comes from.

import type { Applications, RegisteredApplication } from './applications.js';
import { formDecode } from '../server/form-encoding.js';

/** What of a request tells the application. */
export interface ClientCredentials {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  readonly clientID: string | undefined;
  readonly clientSecret: string | undefined;
}

/**
 * The application, where the request proves that it comes from it; or where it names a public one and
 * tries no proof. Undefined means `invalid_client`.
 */
export function identifyClient(
  applications: Applications,
  credentials: ClientCredentials,
): RegisteredApplication | undefined {
  const { authorization, clientID, clientSecret } = credentials;
  const triesProof = basicIn(authorization) !== undefined || (clientID && clientSecret);
  const named = applications.get(clientID ?? '');
  if (!triesProof && named?.isPublic) return named;
  return authenticateClient(applications, credentials);
}

/** The application, where the request holds its secret: in HTTP Basic, or else in the body. */
export function authenticateClient(
  applications: Applications,
  { authorization, clientID, clientSecret }: ClientCredentials,
): RegisteredApplication | undefined {
  const basic = decodeBasic(basicIn(authorization));
  const byBasic = basic && applications.get(basic.id);
  if (byBasic?.hasSecret(basic?.secret ?? '')) return byBasic;
  // Trap of Ion's: once Basic has named an application, a secret in the body is held against that one.
  const client = byBasic ?? applications.get(clientID ?? '');
  return client?.hasSecret(clientSecret ?? '') ? client : undefined;
}

// The scheme in just this case: another Ion does not know.
function basicIn(authorization: string | undefined): string | undefined {
  return /^Basic (.+)$/s.exec(authorization ?? '')?.[1];
}

function decodeBasic(encoded: string | undefined): { id: string; secret: string } | undefined {
  if (encoded === undefined) return undefined;
  const decoded = decodeBase64(encoded)?.toString();
  if (decoded === undefined) return undefined;
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  return { id: formDecode(decoded.slice(0, colon)), secret: formDecode(decoded.slice(colon + 1)) };
}

// As Python does: strange characters are passed over, but the padding has to be there.
function decodeBase64(text: string): Buffer | undefined {
  let [digits, pads] = ['', 0];
  for (const char of text) {
    const inGroup = digits.length % 4;
    if (char === '=') {
      pads += 1;
      if (inGroup >= 2 && inGroup + pads >= 4) return Buffer.from(digits, 'base64');
    } else if (/[A-Za-z\d+/]/.test(char)) {
      digits += char;
      pads = 0;
    }
  }
  return digits.length % 4 === 0 ? Buffer.from(digits, 'base64') : undefined;
}
