import { VendorServer, type VendorAnswer, type VendorRequest } from './vendor-server.js';

/** CometChat's client API on the loopback interface, as far as it says who is logged in. */
export interface CometChatServer {
  readonly url: string;
  readonly ca: string | undefined;
  /** Who is logged in, by auth token. */
  readonly logins: Map<string, string>;
  /** What it does in place of an answer; undefined: it answers. */
  trouble: VendorAnswer | undefined;
  /** Every question so far, by its auth token. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param appId the app that it knows; @param latencyMs how long every answer takes. */
export async function startCometChat(appId: string, latencyMs = 0): Promise<CometChatServer> {
  const logins = new Map<string, string>();
  const asked: string[] = [];
  const server = await VendorServer.start({ latencyMs }, (request) => {
    asked.push(String(request.headers['authtoken']));
    return chat.trouble ?? answer(request, appId, logins);
  });
  const chat: CometChatServer = {
    url: server.url,
    ca: server.ca,
    logins,
    trouble: undefined,
    asked,
    close: () => server.close(),
  };
  return chat;
}

/** https://www.cometchat.com/docs/sdk/javascript/error-codes names the codes; the SDK itself shows the rest. */
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
