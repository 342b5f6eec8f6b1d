import { CometChatKeyRefused, CometChatUnavailable } from '../../platform/cometchat/cometchat-connection.js';
import { CometChatRefused } from '../../platform/cometchat/cometchat-rest.js';

/** Parts of CometChat's REST API that an inquiry reads. */
export const ASKED = ['log', 'push_provider', 'sms_provider', 'built_in_providers'] as const;
export type Asked = (typeof ASKED)[number];

/** A question that CometChat did not answer. */
export interface Failure {
  readonly asked: Asked;
  /** `http_503`, `timeout`, `ECONNREFUSED`, or CometChat's own code. */
  readonly code: string;
  readonly text: string;
  readonly fix: string;
}

/** Describes an error of `CometChatRest`. @throws the error itself if it is another one. */
export function failureOf(asked: Asked, error: unknown): Failure {
  if (error instanceof CometChatKeyRefused) return { asked, ...keyRefused(error) };
  if (error instanceof CometChatRefused)
    return {
      ...{ asked, code: error.code },
      text: `CometChat rejected the question (${error.status} ${error.code}).`,
      fix: 'Ask CometChat’s support whether the plan of the app includes this part of its REST API.',
    };
  if (error instanceof CometChatUnavailable) return { asked, ...away(error.code) };
  throw error;
}

function keyRefused({ status, code }: CometChatKeyRefused): Omit<Failure, 'asked'> {
  const told = code === undefined ? '' : ` ${code}`;
  return {
    code: code ?? `http_${status}`,
    text: `CometChat refused the REST API key (${status}${told}).`,
    fix:
      code === 'AUTH_ERR_NO_ACCESS' || (code === undefined && status === 403)
        ? 'Set `cometchat.restApiKey` to a key of the scope fullAccess, from CometChat’s dashboard under API & Auth Keys.'
        : 'Copy the REST API key of this app from CometChat’s dashboard under API & Auth Keys into `cometchat.restApiKey`, and check `appId` and `region`.',
  };
}

function away(code: string): Omit<Failure, 'asked'> {
  const [, status] = /^http_(\d+)$/.exec(code) ?? [];
  if (code === 'timeout')
    return {
      code,
      text: 'CometChat did not answer in time.',
      fix: 'Ask again later; see CometChat’s status page, and `cometchat.requestTimeoutMs` if it is only slow.',
    };
  if (status === '429')
    return { code, text: 'CometChat answers 429: too many requests.', fix: 'Ask again in a minute.' };
  if (status !== undefined && Number(status) >= 500)
    return {
      code,
      text: `CometChat answers ${status}.`,
      fix: 'Ask again later; see CometChat’s status page.',
    };
  if (status !== undefined)
    return {
      code,
      text: `The answer (${status}) is not one of CometChat’s REST API.`,
      fix: 'Check `cometchat.apiEndpoint`, and proxies between the gateway and CometChat.',
    };
  return {
    code,
    text: `CometChat cannot be reached (${code}).`,
    fix: 'Check DNS, firewall and proxies between the gateway and CometChat, `region`, and `cometchat.apiEndpoint` if it is set.',
  };
}
