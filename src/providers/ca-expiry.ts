import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** When the first of these certificates in PEM expires; null if there is none that can be read. */
export function caExpiryOf(pem: string | undefined): Date | null {
  const ends = (pem?.match(CERTIFICATE) ?? []).map(endOf).filter((end) => !Number.isNaN(end));
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

function endOf(certificate: string): number {
  try {
    return Date.parse(new X509Certificate(certificate).validTo);
  } catch {
    return NaN;
  }
}
