// Finds out which application sent a request to the token, revocation or introspection endpoint.

import type { Applications, RegisteredApplication } from './applications.js';
import { formDecode } from '../server/form-encoding.js';

/** The parts of a request that identify the application. */
export interface ClientCredentials {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  readonly clientID: string | undefined;
  readonly clientSecret: string | undefined;
}

/**
 * Finds the application that sent the request. It must authenticate with its secret, unless it is public and
 * sends no secret. Returns undefined if it fails to authenticate; the endpoint then responds with the error
 * `invalid_client`.
 */
export function identifyClient(
  applications: Applications,
  credentials: ClientCredentials,
): RegisteredApplication | undefined {
  const { authorization, clientID, clientSecret } = credentials;
  const sendsSecret = readBasic(authorization) !== undefined || (clientID && clientSecret);
  const named = applications.get(clientID ?? '');
  if (!sendsSecret && named?.isPublic) return named;
  return authenticateClient(applications, credentials);
}

/** Finds the application whose secret is in the request, either in HTTP Basic or in the body. */
export function authenticateClient(
  applications: Applications,
  { authorization, clientID, clientSecret }: ClientCredentials,
): RegisteredApplication | undefined {
  const basic = decodeBasic(readBasic(authorization));
  const byBasic = basic && applications.get(basic.id);
  if (basic && byBasic?.hasSecret(basic.secret)) return byBasic;
  // Quirk of Ion: if HTTP Basic names an application, the secret in the body is compared with the secret of that
  // application, even if the body names another application.
  const client = byBasic ?? applications.get(clientID ?? '');
  return client?.hasSecret(clientSecret ?? '') ? client : undefined;
}

// Ion accepts `Basic` only if it is capitalized exactly like this.
function readBasic(authorization: string | undefined): string | undefined {
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

// Returns undefined for base64 without padding, because Ion does not decode it, although Node does.
function decodeBase64(text: string): Buffer | undefined {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64') : undefined;
}
