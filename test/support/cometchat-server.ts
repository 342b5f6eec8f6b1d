import { CONTACT_DETAILS, newCometChatState, restAnswer, type CometChatState } from './cometchat-rest.js';
import { jsonReply } from './json-reply.js';
import { VendorServer, type VendorAnswer, type VendorRequest } from './vendor-server.js';

/** A local CometChat: its client API reports logged-in users; its REST API is that of `CometChatState`. */
export interface CometChatServer extends CometChatState {
  readonly url: string;
  readonly ca: string | undefined;
  /** Logged-in users, by auth token. */
  readonly logins: Map<string, string>;
  /** A fault to play instead of the answer; undefined: none. */
  trouble: VendorAnswer | Promise<VendorAnswer> | undefined;
  /** The auth tokens of all requests to the client API so far. */
  readonly asked: string[];
  /** Method and path of all requests to the REST API so far, the path with its query. */
  readonly restRequests: string[];
  close(): Promise<void>;
}

/** @param appId the only known app. @param port unset: any free port. */
export async function startCometChat(
  appId: string,
  { port }: { port?: number } = {},
): Promise<CometChatServer> {
  const state = newCometChatState(appId);
  const logins = new Map<string, string>();
  const asked: string[] = [];
  const restRequests: string[] = [];
  const server = await VendorServer.start(port === undefined ? {} : { port }, (request) => {
    const { method, path, headers } = request;
    if (path.startsWith('/v3/')) {
      restRequests.push(`${method} ${path}`);
      if (path === CONTACT_DETAILS) chat.askedNumbers.push(String(headers['onbehalfof']));
      return chat.trouble ?? restAnswer(request, chat);
    }
    asked.push(String(headers['authtoken']));
    return chat.trouble ?? answer(request, appId, logins);
  });
  const chat: CometChatServer = {
    ...state,
    ...{ url: server.url, ca: server.ca, logins, asked, restRequests, trouble: undefined },
    close: () => server.close(),
  };
  return chat;
}

/** Codes: https://www.cometchat.com/docs/sdk/javascript/error-codes; the format is taken from the SDK. */
function answer(request: VendorRequest, appId: string, logins: ReadonlyMap<string, string>): VendorAnswer {
  const { method, path, headers } = request;
  const refuse = (status: number, code: string, message: string): VendorAnswer =>
    jsonReply(status, { error: { message, devMessage: message, source: 'chat-api', code } });
  if (method !== 'GET' || path !== '/v3.0/me')
    return refuse(404, 'ERR_API_NOT_FOUND', `${method} ${path} does not exist.`);
  if (headers['appid'] !== appId) return refuse(404, 'ERR_APP_NOT_FOUND', 'The app does not exist.');
  const token = String(headers['authtoken'] ?? '');
  const uid = logins.get(token);
  if (uid === undefined)
    return refuse(401, 'AUTH_ERR_AUTH_TOKEN_NOT_FOUND', `The auth token ${token} does not exist.`);
  return jsonReply(200, {
    data: { uid, name: uid, status: 'available', role: 'default', wsChannel: {}, settings: {} },
  });
}
