import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256, so that values of any length compare in the same time. */
export function digest(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}

/** The positions at which `candidate` stands; looks at every entry, whatever it finds, in constant time. */
export function matches(candidate: Buffer, known: readonly Buffer[]): number[] {
  const found: number[] = [];
  known.forEach((entry, index) => {
    if (timingSafeEqual(entry, candidate)) found.push(index);
  });
  return found;
}

/** The user and password of an `Authorization: Basic` header, as one text; undefined where it is none. */
export function basicCredentials(header: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
