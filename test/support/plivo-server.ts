import { isObject, jsonObject } from '../../src/providers/vendor-request.js';
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
export type PlivoText = Readonly<Record<string, unknown>>;

/** A local Plivo that checks path, credentials, fields and limits by its documentation. */
export interface PlivoServer {
  readonly url: string;
  readonly authId: string;
  readonly authToken: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<PlivoText>;
  readonly received: PlivoText[];
  /** Answers about the account, which a test may replace. */
  readonly account: { details: VendorAnswer };
  answerWith(answer: Scripted<PlivoText>, times?: number): void;
  close(): Promise<void>;
}

const API_ID = 'db342550-7f1d-11e1-8ea7-1231380bc196';
const UNAUTHORIZED: VendorReply = { status: 401, body: 'Could not verify your access level for that URL.' };
/** Maximum characters of an SMS, by encoding. */
const LONGEST_GSM7 = 1_600;
const LONGEST_UCS2 = 737;
const ASCII = /^[\x20-\x7e\n\r]*$/;

/** Schema of `POST /v1/Account/{auth_id}/Message/` for SMS. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  src: (value) => typeof value === 'string' && /^(\d{3,14}|[A-Za-z][A-Za-z0-9]{0,10})$/.test(value),
  dst: (value) => typeof value === 'string' && /^\d{7,15}$/.test(value),
  text: (value) => typeof value === 'string' && value !== '',
  type: (value) => value === 'sms',
  url: (value) => typeof value === 'string' && URL.canParse(value),
  method: (value) => value === 'GET' || value === 'POST',
  message_expiry: (value) => Number.isInteger(value) && Number(value) >= 5 && Number(value) <= 10_799,
  log: (value) => typeof value === 'boolean',
};

export async function startPlivoServer(options: VendorServerOptions = {}): Promise<PlivoServer> {
  const authId = 'MAXXXXXXXXXXXXXXXXXX';
  const authToken = 'plivo-test-token';
  const script = new VendorScript<PlivoText>();
  const credentials = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
  const account: PlivoServer['account'] = { details: plivoAccount('12.50000') };

  const vendor = await VendorServer.start(options, ({ method, path, headers, body }): VendorAnswer => {
    if (path === `/v1/Account/${authId}/`) {
      if (method !== 'GET') return plivoError(405, 'method not allowed');
      return headers['authorization'] === credentials ? account.details : UNAUTHORIZED;
    }
    script.asked += 1;
    if (path !== `/v1/Account/${authId}/Message/`) return plivoError(404, 'not found');
    if (method !== 'POST') return plivoError(405, 'method not allowed');
    if (headers['authorization'] !== credentials) return UNAUTHORIZED;
    const text = jsonObject(body);
    if (!isObject(text) || !String(headers['content-type']).startsWith('application/json')) {
      return plivoError(400, 'invalid json');
    }
    const objection = objectionTo(text);
    if (objection !== undefined) return plivoError(400, objection);
    return script.conclude(text, () => plivoTaken(script.taken));
  });
  return {
    url: vendor.url,
    authId,
    authToken,
    vendor,
    script,
    received: script.received,
    account,
    answerWith: (answer, times) => script.answerWith(answer, times),
    close: () => vendor.close(),
  };
}

function objectionTo(body: PlivoText): string | undefined {
  for (const name of ['src', 'dst', 'text']) {
    if (body[name] === undefined) return `${name} parameter is missing`;
  }
  if (!FIELDS['dst']?.(body['dst'])) return `'${String(body['dst'])}' is not a valid phone number.`;
  const wrong = Object.entries(body).find(([name, value]) => !FIELDS[name]?.(value));
  if (wrong) return `${wrong[0]} parameter is not valid`;
  const text = String(body['text']);
  const longest = ASCII.test(text) ? LONGEST_GSM7 : LONGEST_UCS2;
  return text.length > longest ? 'text is too long' : undefined;
}

/** An error in the format of Plivo. */
export function plivoError(
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return jsonReply(status, { api_id: API_ID, error }, headers);
}

/** The answer of `GET /v1/Account/{auth_id}/`; `state` is part of the postal address. */
export function plivoAccount(
  cash_credits: string,
  billing_mode: 'prepaid' | 'postpaid' = 'prepaid',
): VendorReply {
  const address = { address: 'Test Street 1', city: 'Austin', state: 'Texas', timezone: 'America/Chicago' };
  const billing = { account_type: 'standard', auto_recharge: false, billing_mode, cash_credits };
  return jsonReply(200, { api_id: API_ID, name: 'Bellhop', ...address, ...billing });
}

/** Plivo has queued the SMS. */
function plivoTaken(count: number): VendorReply {
  const id = `db3ce55a-7f1d-11e1-8ea7-${String(count).padStart(12, '0')}`;
  return jsonReply(202, { api_id: API_ID, message: 'message(s) queued', message_uuid: [id] });
}

/** Plivo accepts a request whose only number is invalid. */
export function plivoInvalidNumber(number: string): VendorReply {
  return jsonReply(202, { api_id: API_ID, message: '', message_uuid: [], invalid_number: [number] });
}

/** The answer of Plivo to a request in this scenario. */
export function playPlivo(scenario: Scenario, told?: string): VendorAnswer | undefined {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return plivoInvalidNumber('1111111');
    case 'refuse_message':
      return plivoError(400, 'text parameter is not valid');
    case 'fault':
    case 'fault_told':
      return plivoError(500, 'server error', headers);
    case 'over_quota':
    case 'over_quota_told':
      return plivoError(429, 'too many requests', headers);
    case 'garbage':
      return { status: 202, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}
