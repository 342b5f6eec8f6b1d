import { createHash, createHmac } from 'node:crypto';
import type { VendorRequest } from './vendor-server.js';

export interface SignatureRules {
  readonly service: string;
  readonly region: string;
  /** Secret and session token by access key id. */
  readonly keys: ReadonlyMap<string, { readonly secret: string; readonly sessionToken?: string | undefined }>;
  readonly now?: () => number;
}

/** Tolerated clock difference in ms. */
const CLOCK_SKEW_MS = 300_000;
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target', 'content-type'];

const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, value: string): Buffer =>
  createHmac('sha256', key).update(value).digest();

/**
 * Validates a request's Signature Version 4. @returns the type of the AWS error; undefined for a valid signature.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function objectionToSignature(request: VendorRequest, rules: SignatureRules): string | undefined {
  const { method, path, headers, bytes } = request;
  const header = (name: string): string | undefined => {
    const value = name === 'host' ? (headers['host'] ?? headers[':authority']) : headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const authorization = header('authorization');
  if (authorization === undefined) return 'MissingAuthenticationTokenException';
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (accessKeyId === '') return 'IncompleteSignature';
  const known = rules.keys.get(accessKeyId);
  if (!known) return 'UnrecognizedClientException';
  if (header('x-amz-security-token') !== known.sessionToken) return 'UnrecognizedClientException';

  const names = signedHeaders.split(';');
  const isComplete = MUST_BE_SIGNED.every((name) => names.includes(name));
  const tokenIsSigned = known.sessionToken === undefined || names.includes('x-amz-security-token');
  if (!isComplete || !tokenIsSigned || names.join() !== [...names].sort().join())
    return 'IncompleteSignature';
  const time = header('x-amz-date') ?? '';
  const sentAt = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs((rules.now ?? Date.now)() - sentAt) <= CLOCK_SKEW_MS)) return 'InvalidSignatureException';
  const expectedScope = `${time.slice(0, 8)}/${rules.region}/${rules.service}/aws4_request`;
  if (scope !== expectedScope) return 'InvalidSignatureException';

  const [rawPath = '/', query = ''] = path.split('?');
  const canonical = [
    method,
    rawPath,
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${(header(name) ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders,
    sha256(bytes),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((at, part) => hmac(at, part), `AWS4${known.secret}`);
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'InvalidSignatureException';
}
