import { isLogReason } from './cometchat-rest.js';
import type { CometChatServer } from './cometchat-server.js';
import { parseJson } from './json-reply.js';
import type { VendorAnswer } from './vendor-server.js';

/** Faults of the whole REST API; `accept`: none. */
const TROUBLES: Readonly<Record<string, VendorAnswer | undefined>> = {
  accept: undefined,
  fault: { status: 503 },
  over_quota: { status: 429 },
  hang: 'hang',
  reset: 'reset',
  garbage: { status: 200, body: '<html>' },
};

/** A change of the local CometChat. */
export interface CometChatRequest {
  readonly answer?: string;
  readonly isLogging?: boolean;
  /** Reasons of the log by uid, for users who are not notified; null: notify the user again. */
  readonly suppress?: Readonly<Record<string, string | null>>;
}

/**
 * Parses a request to change the local CometChat.
 *
 * @returns a description of the problem if it is invalid.
 */
export function readCometChatRequest(text: string): CometChatRequest | string {
  const given = parseJson(text);
  if (typeof given !== 'object' || given === null) return 'not a JSON object';
  const { answer, isLogging, suppress } = given as Record<keyof CometChatRequest, unknown>;
  if (answer !== undefined && !(typeof answer === 'string' && Object.hasOwn(TROUBLES, answer)))
    return `answer must be one of ${Object.keys(TROUBLES).join(', ')}`;
  if (isLogging !== undefined && typeof isLogging !== 'boolean') return 'isLogging must be true or false';
  if (suppress !== undefined && (typeof suppress !== 'object' || suppress === null))
    return 'suppress must be an object: reasons by uid';
  const reasons: unknown[] = Object.values(suppress ?? {});
  if (!reasons.every((reason) => reason === null || isLogReason(reason)))
    return 'suppress must contain reasons of CometChat’s log, such as MUTE_PREFERENCE, or null';
  return given;
}

export function controlCometChat(
  chat: CometChatServer,
  { answer, isLogging = chat.isLogging, suppress }: CometChatRequest,
): void {
  if (answer !== undefined) chat.trouble = TROUBLES[answer];
  chat.isLogging = isLogging;
  for (const [uid, reason] of Object.entries(suppress ?? {})) {
    if (isLogReason(reason)) chat.suppressed.set(uid, reason);
    else chat.suppressed.delete(uid);
  }
}

/** The state as `GET /cometchat` shows it. */
export const shownCometChat = (chat: CometChatServer): object => ({
  isLogging: chat.isLogging,
  suppress: Object.fromEntries(chat.suppressed),
  providers: chat.custom,
  messages: chat.messages.length,
  log: chat.log.slice(-20),
  requests: chat.restRequests.length,
});
