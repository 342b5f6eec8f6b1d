import { INFOBIP_SEND_MESSAGES } from './infobip-schema.js';
import { jsonReply, parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { schemaCheck } from './schema-check.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

/** One of the `messages` of a request. */
export interface InfobipText {
  readonly sender: string;
  readonly destinations: readonly { readonly to: string; readonly messageId?: string }[];
  readonly content: { readonly text: string };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly webhooks?: Readonly<Record<string, unknown>>;
}

export interface InfobipServerOptions extends VendorServerOptions {
  readonly apiKey?: string;
  /** Rejects repeated messages, as Infobip does; default: a repeated message gets another id. */
  readonly refuseDuplicates?: boolean;
}

/** A local Infobip that checks path, key and body against its OpenAPI document. */
export interface InfobipServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly apiKey: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<InfobipText>;
  /** Accepted SMS, in order. */
  readonly received: InfobipText[];
  /** The answer about the account, which a test may replace. */
  readonly account: { balance: VendorAnswer };
  close(): Promise<void>;
}

const sendFault = schemaCheck(INFOBIP_SEND_MESSAGES);

export async function startInfobipServer(options: InfobipServerOptions = {}): Promise<InfobipServer> {
  const apiKey = options.apiKey ?? 'infobip-test-key';
  const script = new VendorScript<InfobipText>();
  const account: InfobipServer['account'] = { balance: infobipBalance(47.79134) };
  const known = new Set<string>();
  const vendor = await VendorServer.start(options, ({ method, path, headers, body }) => {
    const isCheck = path === '/account/1/balance';
    if (path !== '/sms/3/messages' && !isCheck) return infobipError(404, 'E404');
    if (method !== (isCheck ? 'GET' : 'POST')) return infobipError(405, 'E405');
    if (headers['authorization'] !== `App ${apiKey}`) return infobipError(401, 'E401');
    if (isCheck) return account.balance;
    if (!String(headers['content-type']).startsWith('application/json')) return infobipError(415, 'E415');
    const request = parseJson(body);
    if (sendFault(request) !== undefined) return infobipError(400, 'E400');
    const [text] = (request as { messages: readonly [InfobipText] }).messages;
    script.asked += 1;
    const id = text.destinations[0]?.messageId ?? `infobip-${script.asked}`;
    if (options.refuseDuplicates && known.has(id)) return infobipStatusOf(23, 5, id);
    return script.conclude(text, () => {
      const given = options.refuseDuplicates ? id : `${id}.${script.taken}`;
      known.add(id);
      return infobipStatusOf(26, 1, given);
    });
  });
  return {
    url: vendor.url,
    ca: vendor.ca,
    apiKey,
    vendor,
    script,
    received: script.received,
    account,
    close: () => vendor.close(),
  };
}

/** A request error in the format of Infobip. */
export function infobipError(
  status: number,
  errorCode: string,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const body = {
    errorCode,
    description: 'Refused by the test server.',
    action: '',
    violations: [],
    resources: [],
  };
  return jsonReply(status, body, headers);
}

/** The answer of `GET /account/1/balance`. */
export function infobipBalance(balance: number): VendorReply {
  return jsonReply(200, { balance, currency: 'EUR' });
}

/** The answer for one SMS, accepted or not; the status is always 200. */
export function infobipStatusOf(id: number, groupId: number, messageId?: string, name?: string): VendorReply {
  const groupName = ['ACCEPTED', 'PENDING', 'UNDELIVERABLE', 'DELIVERED', 'EXPIRED', 'REJECTED'][groupId];
  const status = {
    groupId,
    groupName,
    id,
    ...(name ? { name } : {}),
    description: 'Said by the test server.',
  };
  const message = { ...(messageId === undefined ? {} : { messageId }), status, destination: '14155550100' };
  return jsonReply(200, { bulkId: 'bulk', messages: [message] });
}

/** The answer of Infobip to a request in this scenario. */
export function infobipAnswer(scenario: Scenario, told?: string): Scripted<InfobipText> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return infobipStatusOf(52, 5, 'refused', 'REJECTED_DESTINATION');
    case 'refuse_message':
      return infobipStatusOf(25, 5, 'refused', 'REJECTED_MESSAGE_TOO_LONG');
    case 'fault':
    case 'fault_told':
      return infobipError(503, 'E503', headers);
    case 'over_quota':
    case 'over_quota_told':
      return infobipError(429, 'E429', headers);
    case 'garbage':
      return { status: 200, body: '{"bulkId":"2034072219640523072","messages":[' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}
