import { createHash, createHmac } from 'node:crypto';
import { jsonObject } from '../../src/providers/vendor-request.js';
import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

/** The body of a send request. */
export type MessageBirdText = Readonly<Record<string, unknown>>;

/** A local MessageBird that checks credentials, parameters and limits by its documentation. */
export interface MessageBirdServer {
  readonly url: string;
  readonly accessKey: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<MessageBirdText>;
  readonly received: MessageBirdText[];
  /** The answer about the account, which a test may replace. */
  readonly account: { balance: VendorAnswer };
  answerWith(answer: Scripted<MessageBirdText>, times?: number): void;
  close(): Promise<void>;
}

/** Characters in nine parts, by encoding. */
const LONGEST_PLAIN = 1_377;
const LONGEST_UNICODE = 603;

/** Schema of `POST /messages` for SMS. */
const PARAMETERS: Readonly<Record<string, (value: unknown, body: MessageBirdText) => boolean>> = {
  originator: (value) => isText(value) && /^(\d{3,17}|[A-Za-z0-9 ]{1,11})$/.test(value),
  recipients: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 50 &&
    value.every((each) => /^[1-9]\d{6,14}$/.test(String(each))),
  body: (value, { datacoding }) =>
    isText(value) && value.length <= (datacoding === 'unicode' ? LONGEST_UNICODE : LONGEST_PLAIN),
  type: (value) => value === 'sms',
  datacoding: (value) => value === 'plain' || value === 'unicode' || value === 'auto',
  reference: (value) => isText(value),
  // Delivery reports are sent only for messages with a reference.
  reportUrl: (value, { reference }) => isText(value) && URL.canParse(value) && reference !== undefined,
  validity: (value) => Number.isInteger(value) && Number(value) > 0,
};

export async function startMessageBirdServer(options: VendorServerOptions = {}): Promise<MessageBirdServer> {
  const accessKey = 'messagebird-test-key';
  const script = new VendorScript<MessageBirdText>();
  const account: MessageBirdServer['account'] = { balance: messageBirdBalance(9.2, 'euros') };
  const vendor = await VendorServer.start(options, ({ method, path, headers, body }): VendorAnswer => {
    if (path !== '/balance') script.asked += 1;
    if (path !== '/messages' && path !== '/balance') return messageBirdError(404, 98);
    if (headers['authorization'] !== `AccessKey ${accessKey}`) {
      return messageBirdError(401, 2, 'access_key');
    }
    if (path === '/balance') return method === 'GET' ? account.balance : messageBirdError(405, 98);
    if (method !== 'POST') return messageBirdError(405, 98);
    const text = jsonObject(body);
    if (!text || !String(headers['content-type']).startsWith('application/json')) {
      return messageBirdError(422, 9, 'recipients');
    }
    const missing = ['recipients', 'originator', 'body'].find((name) => text[name] === undefined);
    if (missing !== undefined) return messageBirdError(422, 9, missing);
    const wrong = Object.keys(text).find((name) => !PARAMETERS[name]?.(text[name], text));
    if (wrong !== undefined) return messageBirdError(422, 10, wrong);
    return script.conclude(text, () => messageBirdMessage(text, script.taken));
  });
  return {
    url: vendor.url,
    accessKey,
    vendor,
    script,
    received: script.received,
    account,
    answerWith: (answer, times) => script.answerWith(answer, times),
    close: () => vendor.close(),
  };
}

/** An error in the format of MessageBird. */
export function messageBirdError(
  status: number,
  code: number,
  parameter: string | null = null,
  description = 'Refused by the test server.',
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return jsonReply(status, { errors: [{ code, description, parameter }] }, headers);
}

/** The answer of `GET /balance`. */
export function messageBirdBalance(
  amount: number,
  type: string,
  payment: 'prepaid' | 'postpaid' = 'prepaid',
): VendorReply {
  return jsonReply(200, { payment, type, amount });
}

function messageBirdMessage(text: MessageBirdText, count: number): VendorReply {
  const id = createHash('md5').update(String(count)).digest('hex');
  const recipients = Array.isArray(text['recipients']) ? text['recipients'].map(Number) : [];
  const items = recipients.map((recipient) => ({ recipient, status: 'sent' }));
  const body = { ...text, id, href: `https://rest.messagebird.com/messages/${id}`, direction: 'mt' };
  return jsonReply(201, {
    ...body,
    recipients: { totalCount: items.length, totalSentCount: items.length, items },
  });
}

/** The answer of MessageBird to a request in this scenario. */
export function playMessageBird(scenario: Scenario, told?: string): VendorAnswer | undefined {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return messageBirdError(422, 9, 'recipients', 'no (correct) recipients found');
    case 'refuse_message':
      return messageBirdError(422, 10, 'body');
    case 'fault':
    case 'fault_told':
      return messageBirdError(500, 99, null, 'Internal error', headers);
    case 'over_quota':
    case 'over_quota_told':
      return { status: 429, headers, body: 'Too many requests' };
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

/** The token that signs a callback. @param claims override its claims. */
export function messageBirdToken(
  { url, body }: { readonly url: string; readonly body: Buffer },
  signingKey: string,
  claims: Readonly<Record<string, unknown>> = {},
  algorithm: 'HS256' | 'HS384' | 'HS512' | 'none' = 'HS256',
): string {
  const now = Math.floor(Date.now() / 1_000);
  const sha256 = (of: string | Buffer): string => createHash('sha256').update(of).digest('hex');
  const all = {
    iss: 'MessageBird',
    nbf: now,
    exp: now + 60,
    jti: '59a244dc-e9ad-4e23-9778-371faa238f72',
    url_hash: sha256(url),
    ...(body.length === 0 ? {} : { payload_hash: sha256(body) }),
    ...claims,
  };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(all)}`;
  if (algorithm === 'none') return `${signed}.`;
  const hash = algorithm.replace('HS', 'sha');
  return `${signed}.${createHmac(hash, signingKey).update(signed).digest('base64url')}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
