import { GatewayError } from '../platform/errors/gateway-error.js';
import { momentOf } from '../platform/ids/new-id.js';
import type { PageEndDto } from './notification.dto.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The end of a page.
 *
 * @param stoppedAt the notification before which the next page begins; undefined if there are no more.
 * @param place where the next page begins beside that, in word characters.
 */
export function pageEnd(stoppedAt: string | undefined, place?: string): PageEndDto {
  if (stoppedAt === undefined) return { nextCursor: null, scannedTo: null };
  const cursor = place === undefined ? stoppedAt : `${place}.${stoppedAt}`;
  return { nextCursor: Buffer.from(cursor).toString('base64url'), scannedTo: momentOf(stoppedAt) };
}

export interface PageStart {
  /** The page begins before this notification; undefined: with the newest. */
  readonly before?: string | undefined;
  readonly place?: string | undefined;
}

/** Reads a cursor of `pageEnd`. @throws GatewayError `REQUEST.INVALID_QUERY` */
export function pageStart(cursor: string | undefined, places?: readonly string[]): PageStart {
  if (cursor === undefined) return {};
  const parts = Buffer.from(cursor, 'base64url').toString().split('.');
  const before = parts.pop() ?? '';
  const place = parts.pop();
  const isPlace = places ? place !== undefined && places.includes(place) : place === undefined;
  if (UUID.test(before) && isPlace && parts.length === 0) return { before, place };
  throw new GatewayError('REQUEST.INVALID_QUERY', {
    errors: [{ path: 'cursor', problem: 'is not a cursor' }],
  });
}
