import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { jsonObject } from '../../src/providers/vendor-request.js';
import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { objectionToMessage } from './telnyx-schema.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

/** The body of a send request. */
export type TelnyxText = Readonly<Record<string, unknown>>;

/** A local Telnyx that checks requests against its OpenAPI document. */
export interface TelnyxServer {
  readonly url: string;
  readonly apiKey: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<TelnyxText>;
  readonly received: TelnyxText[];
  /** Answers about the account, which a test may replace. */
  readonly account: { balance: VendorAnswer; profile: VendorAnswer };
  answerWith(answer: Scripted<TelnyxText>, times?: number): void;
  close(): Promise<void>;
}

const PROFILE_PATH = /^\/v2\/messaging_profiles\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function startTelnyxServer(options: VendorServerOptions = {}): Promise<TelnyxServer> {
  const apiKey = 'KEY0123456789ABCDEF_telnyx-test-key';
  const script = new VendorScript<TelnyxText>();
  const account: TelnyxServer['account'] = { balance: telnyxBalance('400.00'), profile: telnyxProfile(true) };
  const answerAbout = (asked: 'balance' | 'profile', { method, headers }: VendorRequest): VendorAnswer => {
    if (method !== 'GET') return telnyxError(405, '10015');
    return headers['authorization'] === `Bearer ${apiKey}` ? account[asked] : telnyxError(401, '10009');
  };
  const vendor = await VendorServer.start(options, (request): VendorAnswer => {
    const { method, path, headers, body } = request;
    if (path === '/v2/balance') return answerAbout('balance', request);
    if (PROFILE_PATH.test(path)) return answerAbout('profile', request);
    script.asked += 1;
    if (path !== '/v2/messages') return telnyxError(404, '10005');
    if (method !== 'POST') return telnyxError(405, '10015');
    if (headers['authorization'] !== `Bearer ${apiKey}`) return telnyxError(401, '10009');
    if (!String(headers['content-type']).startsWith('application/json')) return telnyxError(415, '10014');
    const text = jsonObject(body);
    if (!text) return telnyxError(400, '10015');
    const objection = objectionToMessage(text);
    if (objection) return telnyxError(422, codeOf(objection), { pointer: objection.instancePath });
    return script.conclude(text, () => telnyxMessage(text, script.taken));
  });
  return {
    url: vendor.url,
    apiKey,
    vendor,
    script,
    received: script.received,
    account,
    answerWith: (answer, times) => script.answerWith(answer, times),
    close: () => vendor.close(),
  };
}

function codeOf({ keyword, instancePath }: { keyword: string; instancePath: string }): string {
  if (keyword === 'required' || keyword === 'anyOf') return '10004';
  return { '/to': '40310', '/from': '40305', '/webhook_url': '10003' }[instancePath] ?? '10015';
}

/** An error in the format of Telnyx. */
export function telnyxError(
  status: number,
  code: string,
  source?: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const error = { code, title: 'Refused', detail: 'Refused by the test server.', ...(source && { source }) };
  return jsonReply(status, { errors: [error] }, headers);
}

/** The answer of `GET /v2/balance`. */
export function telnyxBalance(available_credit: string): VendorReply {
  const data = { record_type: 'balance', pending: '0.00', credit_limit: '100.00', available_credit };
  const balance = (Number(available_credit) - 100).toFixed(2);
  return jsonReply(200, { data: { ...data, balance, currency: 'USD' } });
}

/** The answer of `GET /v2/messaging_profiles/{id}`, reduced. */
export function telnyxProfile(enabled: boolean): VendorReply {
  const id = '4000eba1-a0c0-4563-9925-b25e842a7cb6';
  return jsonReply(200, { data: { record_type: 'messaging_profile', id, name: 'Bellhop', enabled } });
}

function telnyxMessage({ to, from, text }: TelnyxText, count: number): VendorReply {
  const id = `40385f64-5717-4562-b3fc-${String(count).padStart(12, '0')}`;
  const data = {
    record_type: 'message',
    direction: 'outbound',
    id,
    type: 'SMS',
    from: { phone_number: from, carrier: 'Telnyx', line_type: 'Wireless' },
    to: [{ phone_number: to, status: 'queued', carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' }],
    text,
    errors: [],
  };
  return jsonReply(200, { data });
}

/** The answer of Telnyx to a request in this scenario. */
export function playTelnyx(scenario: Scenario, told?: string): VendorAnswer | undefined {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return telnyxError(422, '40310', { pointer: '/to' });
    case 'refuse_message':
      return telnyxError(422, '40302');
    case 'fault':
    case 'fault_told':
      return telnyxError(500, '10007', undefined, headers);
    case 'over_quota':
    case 'over_quota_told':
      return telnyxError(429, '10011', undefined, headers);
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

/** A signing key, which Telnyx has for each account. */
export function newTelnyxKey(): { readonly publicKey: string; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url').toString('base64'), privateKey };
}

/** The signature headers of an event. @param timestamp in seconds since the epoch. */
export function telnyxSignature(
  privateKey: KeyObject,
  body: Buffer,
  timestamp: number,
): Readonly<Record<string, string>> {
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
  return {
    'telnyx-timestamp': String(timestamp),
    'telnyx-signature-ed25519': sign(null, signed, privateKey).toString('base64'),
  };
}
