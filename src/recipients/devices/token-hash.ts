import type { Transport } from '../../domain/notification.js';
import { digest } from '../../platform/auth/digest.js';

/** Hex hash that identifies a token, because tokens exceed the maximum size of an index entry. */
export function tokenHash(token: string): string {
  return digest(token).toString('hex');
}

const HEX = /^[0-9a-f]+$/i;

/**
 * A token as stored. APNs tokens are bytes in hex, and clients send either case: CometChat's own iOS sample sends one
 * kind in lower and the other in upper case.
 */
export function normaliseToken(token: string, transport: Transport): string {
  return isApns(transport) && HEX.test(token) ? token.toLowerCase() : token;
}

export function isApns(transport: Transport): boolean {
  return transport === 'apns' || transport === 'apns-voip';
}
