import { jsonReply, parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

export type ExpoMessage = Readonly<Record<string, unknown>> & { readonly to: string };

/** A local Expo push service. */
export interface ExpoServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  /** Access token required from a project with enhanced security. */
  readonly accessToken: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<ExpoMessage>;
  close(): Promise<void>;
}

const LIMIT = 4_096;
/** The example of Expo's documentation, which no device has. */
const TOKEN_OF_NOBODY = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';
const isString = (value: unknown): boolean => typeof value === 'string';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** https://docs.expo.dev/push-notifications/sending-notifications/#message-request-format */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  to: isString,
  data: isObject,
  title: isString,
  subtitle: isString,
  body: isString,
  ttl: isCount,
  expiration: isCount,
  priority: (value) => ['default', 'normal', 'high'].includes(String(value)),
  sound: isString,
  badge: isCount,
  interruptionLevel: isString,
  channelId: isString,
  icon: isString,
  richContent: isObject,
  categoryId: isString,
  mutableContent: isBoolean,
  _contentAvailable: isBoolean,
};

export async function startExpoServer(
  options: VendorServerOptions & { readonly accessToken?: string } = {},
): Promise<ExpoServer> {
  const accessToken = options.accessToken ?? 'expo-test-token';
  const script = new VendorScript<ExpoMessage>();
  const vendor = await VendorServer.start(options, ({ method, path, headers, body }): VendorAnswer => {
    if (path !== '/--/api/v2/push/send') return { status: 404 };
    if (method !== 'POST') return { status: 405 };
    const message = parseJson(body);
    const isCheck = isMessage(message) && message.to === TOKEN_OF_NOBODY;
    if (!isCheck) script.asked += 1;
    if (headers['authorization'] !== `Bearer ${accessToken}`) return expoError(401, 'UNAUTHORIZED');
    const wrong = Object.entries(message ?? {}).find(([key, value]) => FIELDS[key]?.(value) !== true);
    if (!isMessage(message) || wrong) return expoError(400, 'VALIDATION_ERROR');
    if (!/^Expo(nent)?PushToken\[[^\]]+\]$/.test(message.to)) return expoTicketError('DeviceNotRegistered');
    if (Buffer.byteLength(body) > LIMIT) return expoTicketError('MessageTooBig');
    if (isCheck) return script.next(message) ?? expoTicketError('DeviceNotRegistered');
    const taken = (): VendorReply =>
      jsonReply(200, { data: { status: 'ok', id: `ticket-${script.received.length}` } });
    return script.conclude(message, taken);
  });
  return { url: vendor.url, ca: vendor.ca, accessToken, vendor, script, close: () => vendor.close() };
}

/** Expo's error for one push. */
export function expoTicketError(error: string): VendorReply {
  const message = 'Refused by the test server: "ExponentPushToken[secret]".';
  return jsonReply(200, { data: { status: 'error', message, details: { error } } });
}

/** Expo's error for a request. */
export function expoError(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return jsonReply(status, { errors: [{ code, message: 'Refused by the test server.' }] }, headers);
}

/** The answer of Expo to a push in this scenario. */
export function expoAnswer(scenario: Scenario, told?: string): Scripted<ExpoMessage> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return expoTicketError('DeviceNotRegistered');
    case 'refuse_message':
      return expoTicketError('MessageTooBig');
    case 'fault':
    case 'fault_told':
      return expoError(503, 'INTERNAL_SERVER_ERROR', headers);
    case 'over_quota':
    case 'over_quota_told':
      return expoError(429, 'TOO_MANY_REQUESTS', headers);
    case 'garbage':
      return { status: 200, body: '{"data":' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

const isMessage = (value: unknown): value is ExpoMessage => isObject(value) && isString(value['to']);
