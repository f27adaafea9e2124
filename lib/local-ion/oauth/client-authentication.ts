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

// Node reads base64 without its padding, too; Ion does not.
function decodeBase64(text: string): Buffer | undefined {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64') : undefined;
}
