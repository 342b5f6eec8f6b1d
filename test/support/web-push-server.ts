import { createECDH, createPublicKey, randomBytes, verify, type ECDH } from 'node:crypto';
import ece from 'http_ece';
import webpush from 'web-push';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

/** A decrypted push as the browser receives it. */
export interface BrowserPush {
  readonly subscription: string;
  readonly headers: VendorRequest['headers'];
  readonly payload: unknown;
}

/** A browser's `PushSubscription` as JSON. */
export interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A local push service with subscribed browsers; it accepts only pushes that they can decrypt. */
export interface WebPushServer {
  /** For the setting `allowedEndpoints`. */
  readonly url: string;
  readonly ca: string | undefined;
  /** The VAPID key pair of the subscriptions. */
  readonly vapidKeys: { readonly publicKey: string; readonly privateKey: string };
  readonly vendor: VendorServer;
  readonly script: VendorScript<BrowserPush>;
  /** Distinct `Authorization` headers received. */
  readonly authorizations: ReadonlySet<string>;
  /** Subscribes a browser. */
  subscribe(): Subscription;
  /** Unsubscribes a browser: its pushes are answered with 410. */
  unsubscribe(subscription: Subscription): void;
  close(): Promise<void>;
}

interface Browser {
  readonly keys: ECDH;
  readonly auth: Buffer;
  gone: boolean;
}

const LARGEST_BODY = 4_096;
const DAY_S = 86_400;

export async function startWebPushServer(
  options: VendorServerOptions & { readonly vapidKeys?: WebPushServer['vapidKeys'] } = {},
): Promise<WebPushServer> {
  const vapidKeys = options.vapidKeys ?? webpush.generateVAPIDKeys();
  const script = new VendorScript<BrowserPush>();
  const browsers = new Map<string, Browser>();
  const authorizations = new Set<string>();

  const handle = ({ method, path, headers, bytes }: VendorRequest): VendorAnswer => {
    const id = /^\/wpush\/v2\/([\w-]+)\?source=test$/.exec(path)?.[1] ?? '';
    if (method !== 'POST') return webPushError(405, 'MethodNotAllowed');
    script.asked += 1;
    const browser = browsers.get(id);
    if (browser === undefined) return webPushError(404, 'NotFound');
    const denied = objectionToSender(headers['authorization'], vapidKeys.publicKey, vendor.url);
    if (denied) return denied;
    authorizations.add(String(headers['authorization']));
    const objection = objectionToHeaders(headers, bytes);
    if (objection) return objection;
    if (browser.gone) return webPushError(410, 'ExpiredSubscription');
    const payload = decrypt(bytes, browser);
    if (payload === undefined) return webPushError(400, 'CannotDecrypt');
    const taken = (): VendorReply => ({
      status: 201,
      headers: { location: `${vendor.url}/m/${script.received.length}` },
    });
    return script.conclude({ subscription: id, headers, payload }, taken);
  };
  const vendor: VendorServer = await VendorServer.start(options, handle);
  return {
    url: vendor.url,
    ca: vendor.ca,
    vapidKeys,
    vendor,
    script,
    authorizations,
    subscribe: () => {
      const id = randomBytes(12).toString('base64url');
      const keys = createECDH('prime256v1');
      const p256dh = keys.generateKeys().toString('base64url');
      const auth = randomBytes(16);
      browsers.set(id, { keys, auth, gone: false });
      const endpoint = `${vendor.url}/wpush/v2/${id}?source=test`;
      return { endpoint, keys: { p256dh, auth: auth.toString('base64url') } };
    },
    unsubscribe: ({ endpoint }) => {
      const browser = browsers.get(/v2\/([\w-]+)/.exec(endpoint)?.[1] ?? '');
      if (browser) browser.gone = true;
    },
    close: () => vendor.close(),
  };
}

/** An error in the format of Apple's push service; others return less detail. */
export function webPushError(
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ reason }),
  };
}

/** The answer of a push service in this scenario. */
export function webPushAnswer(scenario: Scenario, told?: string): Scripted<BrowserPush> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return { status: 410 };
    case 'refuse_message':
      return { status: 413 };
    case 'fault':
    case 'fault_told':
      return { status: 503, headers };
    case 'over_quota':
    case 'over_quota_told':
      return { status: 429, headers };
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

/** Checks the VAPID authorization of RFC 8292. */
function objectionToSender(
  authorization: unknown,
  publicKey: string,
  origin: string,
): VendorReply | undefined {
  const [, token = '', key] = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(String(authorization)) ?? [];
  if (key === undefined) return webPushError(401, 'MissingAuthorization');
  if (key !== publicKey) return webPushError(403, 'VapidPkHashMismatch');
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
    string,
    unknown
  >;
  const now = Date.now() / 1_000;
  const inTime = typeof exp === 'number' && exp > now && exp <= now + DAY_S;
  const isNamed = typeof sub === 'string' && /^(mailto:|https:)/.test(sub);
  const isSigned = verifies(`${header}.${claims}`, signature, publicKey);
  return inTime && isNamed && isSigned && aud === origin ? undefined : webPushError(403, 'BadJwtToken');
}

function verifies(text: string, signature: string, publicKey: string): boolean {
  const point = Buffer.from(publicKey, 'base64url');
  const x = point.toString('base64url', 1, 33);
  const y = point.toString('base64url', 33);
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(text),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

/** Checks the message by RFC 8030 and RFC 8188. */
function objectionToHeaders(headers: VendorRequest['headers'], body: Buffer): VendorReply | undefined {
  const { ttl, urgency, topic } = headers;
  if (!/^\d+$/.test(String(ttl))) return webPushError(400, 'BadTtl');
  if (urgency !== undefined && !['very-low', 'low', 'normal', 'high'].includes(String(urgency)))
    return webPushError(400, 'BadUrgency');
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic)))
    return webPushError(400, 'BadWebPushTopic');
  if (headers['content-encoding'] !== 'aes128gcm') return webPushError(400, 'BadContentEncoding');
  return body.length > LARGEST_BODY ? webPushError(413, 'PayloadTooLarge') : undefined;
}

function decrypt(body: Buffer, { keys, auth }: Browser): unknown {
  try {
    const text = ece.decrypt(body, { version: 'aes128gcm', privateKey: keys, authSecret: auth });
    return JSON.parse(text.toString()) as unknown;
  } catch {
    return undefined;
  }
}
