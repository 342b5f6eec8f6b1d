import { hmsRequestOf, objectionToHms, type HmsMessage } from './hms-rules.js';
import { jsonReply, parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

/** A local Push Kit with Huawei's token endpoint. */
export interface HmsServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  /** For the setting `tokenEndpoint`. */
  readonly tokenUrl: string;
  readonly ca: string | undefined;
  readonly appId: string;
  readonly appSecret: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<HmsMessage>;
  /** Valid access tokens; removing one revokes it. */
  readonly issued: Set<string>;
  /** Number of tokens requested. */
  readonly tokenRequests: () => number;
  /** Sets the answer to token requests; undefined restores the default. */
  answerTokensWith(answer: VendorAnswer | undefined): void;
  close(): Promise<void>;
}

const TOKEN_PATH = '/oauth2/v3/token';

export async function startHmsServer(options: VendorServerOptions = {}): Promise<HmsServer> {
  const appId = '100000001';
  const appSecret = 'hms-test-secret';
  const script = new VendorScript<HmsMessage>();
  const issued = new Set<string>();
  let tokenRequests = 0;
  let tokenAnswer: VendorAnswer | undefined;

  const issue = ({ body }: VendorRequest): VendorAnswer => {
    tokenRequests += 1;
    if (tokenAnswer !== undefined) return tokenAnswer;
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'client_credentials') return jsonReply(400, { error: 1102 });
    if (form.get('client_id') !== appId || form.get('client_secret') !== appSecret)
      return jsonReply(400, {
        error: 1101,
        sub_error: 20001,
        error_description: 'Denied by the test endpoint.',
      });
    const token = `hms-access-${tokenRequests}-${Math.random().toString(36).slice(2)}`;
    issued.add(token);
    return jsonReply(200, { access_token: token, expires_in: 3_600, token_type: 'Bearer' });
  };
  const send = ({ headers, body }: VendorRequest): VendorAnswer => {
    const request = hmsRequestOf(parseJson(body));
    if (!request?.validate_only) script.asked += 1;
    const bearer = /^Bearer (.+)$/.exec(String(headers['authorization']))?.[1] ?? '';
    if (!issued.has(bearer)) return hmsAnswerOf('80200001', 401);
    const objection = objectionToHms(request?.message, body);
    if (objection !== undefined) return hmsAnswerOf(objection, 400);
    const message = request?.message as HmsMessage;
    if (request?.validate_only) return script.next(message) ?? hmsAnswerOf('80000000');
    return script.conclude(message, () => hmsAnswerOf('80000000', 200, `request-${script.received.length}`));
  };
  const vendor = await VendorServer.start(options, (request) => {
    if (request.method !== 'POST') return { status: 405 };
    if (request.path === TOKEN_PATH) return issue(request);
    return request.path === `/v1/${appId}/messages:send` ? send(request) : { status: 404 };
  });
  return {
    url: vendor.url,
    tokenUrl: `${vendor.url}${TOKEN_PATH}`,
    ca: vendor.ca,
    appId,
    appSecret,
    vendor,
    script,
    issued,
    tokenRequests: () => tokenRequests,
    answerTokensWith: (answer) => {
      tokenAnswer = answer;
    },
    close: () => vendor.close(),
  };
}

/** An answer in the format of Push Kit; most errors have status 200. */
export function hmsAnswerOf(
  code: string,
  status = 200,
  requestId = 'request',
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return jsonReply(status, { code, msg: 'Said by the test server.', requestId }, headers);
}

/** The answer of Push Kit to a message in this scenario. */
export function hmsAnswer(scenario: Scenario, told?: string): Scripted<HmsMessage> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return hmsAnswerOf('80300007');
    case 'refuse_message':
      return hmsAnswerOf('80100003', 400);
    case 'fault':
    case 'fault_told':
      return hmsAnswerOf('81000001', 500, 'request', headers);
    case 'over_quota':
    case 'over_quota_told':
      return { status: 503, headers, body: 'Traffic control' };
    case 'garbage':
      return { status: 200, body: '{"code":' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}
