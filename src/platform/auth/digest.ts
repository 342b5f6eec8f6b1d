import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256: gives values of any length the same comparison time. */
export function digest(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}

/** The indexes of `candidate`, found in constant time: every entry is compared. */
export function matches(candidate: Buffer, known: readonly Buffer[]): number[] {
  const found: number[] = [];
  known.forEach((entry, index) => {
    if (timingSafeEqual(entry, candidate)) found.push(index);
  });
  return found;
}

/** The `user:password` string of an `Authorization: Basic` header; undefined for any other header. */
export function basicCredentials(header: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
