import type { CometChatRest } from '../../../platform/cometchat/cometchat-rest.js';
import { CommandFailed, EXIT } from '../../command.js';
import type { GatewayClient } from '../../remote/gateway-client.js';
import type { ExplanationJson, NotificationJson, PageJson } from '../../remote/types.js';
import { waitFor } from '../../remote/wait-for.js';

const WAIT_MS = 30_000;

export interface RoundTripUsers {
  readonly from: string;
  readonly to: string;
}

export interface RoundTrip {
  readonly messageId: string;
  readonly isComplete: boolean;
  readonly notificationId: string | null;
  readonly status: string | null;
  /** The result as a sentence. */
  readonly text: string;
}

/** @throws CommandFailed unless two different uids are named. */
export function usersOf(option: string | undefined): RoundTripUsers | undefined {
  if (option === undefined) return undefined;
  const [from = '', to = '', ...others] = option.split(',').map((uid) => uid.trim());
  if (from !== '' && to !== '' && from !== to && others.length === 0) return { from, to };
  throw new CommandFailed(EXIT.wrongUsage, '--round-trip must name two users of CometChat: from,to.');
}

/** Sends a message by CometChat, and waits for its webhook in the gateway's ledger. */
export async function makeRoundTrip(
  rest: CometChatRest,
  gateway: GatewayClient,
  { from, to }: RoundTripUsers,
  appId: string,
  signal: AbortSignal,
): Promise<RoundTrip> {
  // The query proves address and credentials of the gateway before anything is sent.
  const listed = (tag?: string): Promise<PageJson<NotificationJson>> =>
    gateway.get('/v1/notifications', { uid: to, channel: 'push', limit: '1', tag });
  await listed();
  const messageId = await rest.sendMessage({
    sender: from,
    receiver: to,
    text: 'A test message of bellhop connect.',
  });
  const found = await waitFor(
    async () => (await listed(messageId)).data[0],
    (notification) => notification !== undefined,
    signal,
    WAIT_MS,
  );
  const ids = { messageId, notificationId: found?.id ?? null, status: found?.status ?? null };
  if (found)
    return {
      ...ids,
      isComplete: true,
      text: `Round trip: the message came back as notification ${found.id}.`,
    };
  const why = await gateway
    .get<{ explanation: ExplanationJson }>('/v1/cometchat/logs', { appId, messageId })
    .then(({ explanation: { summary, fix } }) => [summary, ...(fix === null ? [] : [fix])].join(' '))
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const text = `Round trip: no webhook of message ${messageId} within ${WAIT_MS / 1_000} s. ${why}`;
  return { ...ids, isComplete: false, text };
}
