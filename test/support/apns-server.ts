import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import type { Http2Session } from 'node:http2';
import { objectionToPush, type ApnsPush } from './apns-rules.js';
import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

export interface ApnsServerOptions extends Omit<VendorServerOptions, 'http2' | 'tls'> {
  /** The only accepted topic. */
  readonly bundleId?: string;
  /** Current time in ms since the epoch; default: the real time. */
  readonly now?: () => number;
  /** A key registered with Apple; default: a new one. */
  readonly signingKey?: ApnsKey;
}

/** A signing key as issued by Apple, with the public half that Apple keeps. */
export interface ApnsKey {
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  readonly publicKey: KeyObject;
}

/** A local APNs: HTTP/2 only, strict about tokens, headers and streams. */
export interface ApnsServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly signingKey: ApnsKey;
  readonly bundleId: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<ApnsPush>;
  /** Distinct provider tokens received. */
  readonly providerTokens: ReadonlySet<string>;
  close(): Promise<void>;
}

/** The token of a check, which no device has. */
const TOKEN_OF_NOBODY = '0'.repeat(64);
/** Streams per connection before its first valid token; `STREAMS` afterwards. */
const FIRST_STREAMS = 1;
const STREAMS = 1_000;
const HOUR_MS = 3_600_000;
const TOKEN_PAUSE_MS = 1_200_000;

export function newApnsKey(keyId = 'TESTKEY123', teamId = 'TESTTEAM12'): ApnsKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), keyId, teamId, publicKey };
}

export async function startApnsServer(options: ApnsServerOptions = {}): Promise<ApnsServer> {
  const { bundleId = 'com.example.app', now = Date.now, signingKey = newApnsKey() } = options;
  const script = new VendorScript<ApnsPush>();
  const tokens = new ProviderTokenCheck(signingKey, now);

  const handle = ({ method, path, headers, body, session }: VendorRequest): VendorAnswer => {
    if (session === undefined) return { status: 505 };
    const denied = tokens.objectionTo(headers['authorization'], session);
    if (denied) return apnsError(...denied);
    if (method !== 'POST') return apnsError(405, 'MethodNotAllowed');
    const token = /^\/3\/device\/([^/]*)$/.exec(path)?.[1];
    if (token === undefined) return apnsError(404, 'BadPath');
    const push = { token, headers, body };
    const objection = objectionToPush(push, bundleId);
    const isCheck = token === TOKEN_OF_NOBODY;
    if (!isCheck) script.asked += 1;
    if (objection) return apnsError(...objection);
    if (isCheck) return script.next(push) ?? apnsError(400, 'BadDeviceToken');
    const id = String(headers['apns-id'] ?? createHash('md5').update(String(script.asked)).digest('hex'));
    return script.conclude(push, () => ({ status: 200, headers: { 'apns-id': id } }));
  };
  const vendor = await VendorServer.start(
    { ...options, http2: 'only', maxConcurrentStreams: FIRST_STREAMS },
    handle,
  );
  return {
    url: vendor.url,
    ca: vendor.ca,
    signingKey,
    bundleId,
    vendor,
    script,
    providerTokens: tokens.seen,
    close: () => vendor.close(),
  };
}

/** Validates provider tokens by Apple's rules. */
class ProviderTokenCheck {
  readonly seen = new Set<string>();
  private readonly ofSession = new WeakMap<Http2Session, { token: string; since: number }>();

  constructor(
    private readonly key: ApnsKey,
    private readonly now: () => number,
  ) {}

  objectionTo(authorization: unknown, session: Http2Session): [number, string] | undefined {
    const token = /^bearer (.+)$/i.exec(typeof authorization === 'string' ? authorization : '')?.[1];
    if (token === undefined) return [403, 'MissingProviderToken'];
    const issuedAt = this.issuedAt(token);
    if (issuedAt === undefined) return [403, 'InvalidProviderToken'];
    if (Math.abs(this.now() - issuedAt) > HOUR_MS) return [403, 'ExpiredProviderToken'];
    this.seen.add(token);
    const before = this.ofSession.get(session);
    if (before === undefined) session.settings({ maxConcurrentStreams: STREAMS });
    else if (before.token !== token && this.now() - before.since < TOKEN_PAUSE_MS)
      return [429, 'TooManyProviderTokenUpdates'];
    if (before?.token !== token) this.ofSession.set(session, { token, since: this.now() });
    return undefined;
  }

  /** Time of issue in ms since the epoch; undefined for a token that this key did not sign. */
  private issuedAt(token: string): number | undefined {
    const [header = '', claims = '', signature = ''] = token.split('.');
    const signed = Buffer.from(`${header}.${claims}`);
    const key = { key: this.key.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) return undefined;
    const { alg, kid } = decode(header);
    const { iss, iat } = decode(claims);
    const isOurs = alg === 'ES256' && kid === this.key.keyId && iss === this.key.teamId;
    return isOurs && typeof iat === 'number' ? iat * 1_000 : undefined;
  }
}

/** An error in the format of APNs. @param more `timestamp` of a 410 in ms since the epoch; headers. */
export function apnsError(
  status: number,
  reason: string,
  { timestamp, headers = {} }: { timestamp?: number; headers?: Readonly<Record<string, string>> } = {},
): VendorReply {
  const body = { reason, ...(timestamp === undefined ? {} : { timestamp }) };
  return jsonReply(status, body, headers);
}

/** The answer of APNs to a push in this scenario. */
export function apnsAnswer(scenario: Scenario, told?: string): Scripted<ApnsPush> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return () => apnsError(410, 'Unregistered', { timestamp: Date.now() });
    case 'refuse_message':
      return apnsError(400, 'BadCollapseId');
    case 'fault':
    case 'fault_told':
      return apnsError(503, 'ServiceUnavailable', { headers });
    case 'over_quota':
    case 'over_quota_told':
      return apnsError(429, 'TooManyProviderTokenUpdates', { headers });
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
