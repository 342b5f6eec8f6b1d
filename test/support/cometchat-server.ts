import { VendorServer, type VendorAnswer, type VendorRequest } from './vendor-server.js';

/** A local CometChat: its client API reports logged-in users, its REST API phone numbers. */
export interface CometChatServer {
  readonly url: string;
  readonly ca: string | undefined;
  /** Logged-in users, by auth token. */
  readonly logins: Map<string, string>;
  /** Phone numbers in the REST API, by uid; null for a user without a number. */
  readonly numbers: Map<string, string | null>;
  /** The API key that the REST API accepts. */
  restApiKey: string;
  /** The uids whose number was requested so far. */
  readonly askedNumbers: string[];
  /** A fault to play instead of the answer; undefined: none. */
  trouble: VendorAnswer | Promise<VendorAnswer> | undefined;
  /** The auth tokens of all requests so far. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param appId the only known app. @param latencyMs delay of each answer. */
export async function startCometChat(appId: string, latencyMs = 0): Promise<CometChatServer> {
  const logins = new Map<string, string>();
  const numbers = new Map<string, string | null>();
  const asked: string[] = [];
  const askedNumbers: string[] = [];
  const server = await VendorServer.start({ latencyMs }, (request) => {
    if (request.path === CONTACT_DETAILS) {
      askedNumbers.push(String(request.headers['onbehalfof']));
      return chat.trouble ?? contactDetails(request, chat);
    }
    asked.push(String(request.headers['authtoken']));
    return chat.trouble ?? answer(request, appId, logins);
  });
  const chat: CometChatServer = {
    url: server.url,
    ca: server.ca,
    logins,
    numbers,
    restApiKey: 'rest-api-key',
    askedNumbers,
    trouble: undefined,
    asked,
    close: () => server.close(),
  };
  return chat;
}

const CONTACT_DETAILS = '/v3/notifications/v1/contact-details';

/**
 * Request and answer: https://www.cometchat.com/docs/rest-api/notifications-apis/push/update-contact-details
 * Codes: https://www.cometchat.com/docs/rest-api/notifications-apis/error-codes
 */
function contactDetails({ method, headers }: VendorRequest, chat: CometChatServer): VendorAnswer {
  const refuse = (status: number, code: string): VendorAnswer =>
    json(status, { error: { message: code, code } });
  if (method !== 'GET') return refuse(405, 'ERR_BAD_REQUEST');
  if (!headers['apikey']) return refuse(401, 'AUTH_ERR_EMPTY_APIKEY');
  if (headers['apikey'] !== chat.restApiKey) return refuse(401, 'AUTH_ERR_APIKEY_NOT_FOUND');
  const phno = chat.numbers.get(String(headers['onbehalfof']));
  if (phno === undefined) return refuse(404, 'ERR_UID_NOT_FOUND');
  return json(200, { data: { email: 'someone@example.com', ...(phno === null ? {} : { phno }) } });
}

/** Codes: https://www.cometchat.com/docs/sdk/javascript/error-codes; the format is taken from the SDK. */
function answer(request: VendorRequest, appId: string, logins: ReadonlyMap<string, string>): VendorAnswer {
  const { method, path, headers } = request;
  const refuse = (status: number, code: string, message: string): VendorAnswer =>
    json(status, { error: { message, devMessage: message, source: 'chat-api', code } });
  if (method !== 'GET' || path !== '/v3.0/me')
    return refuse(404, 'ERR_API_NOT_FOUND', `${method} ${path} does not exist.`);
  if (headers['appid'] !== appId) return refuse(404, 'ERR_APP_NOT_FOUND', 'The app does not exist.');
  const token = String(headers['authtoken'] ?? '');
  const uid = logins.get(token);
  if (uid === undefined)
    return refuse(401, 'AUTH_ERR_AUTH_TOKEN_NOT_FOUND', `The auth token ${token} does not exist.`);
  return json(200, {
    data: { uid, name: uid, status: 'available', role: 'default', wsChannel: {}, settings: {} },
  });
}

const json = (status: number, body: object): VendorAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
