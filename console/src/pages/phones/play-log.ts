import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { usePlay, type CallAction, type PlayRequest } from './queries.js';

/** A played event and its notifications. */
export interface Play {
  readonly key: number;
  /** In words. */
  readonly text: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly notificationIds: readonly string[];
  /** The call that it began. */
  readonly sessionId: string | undefined;
}

export interface PlayLog {
  /** The newest first. */
  readonly plays: readonly Play[];
  /** Sessions whose end was played. */
  readonly endedSessions: ReadonlySet<string>;
  /** @throws ApiError */
  play(request: PlayRequest, text: string): Promise<void>;
  /** Plays a further event of a call; its failure is shown. @returns whether it was accepted. */
  continueCall(call: CallStep, text: string): Promise<boolean>;
}

export interface CallStep {
  readonly sessionId: string;
  readonly from: string;
  readonly to: string;
  readonly conversationId?: string | undefined;
  readonly callAction: CallAction;
}

const KEPT = 10;

type Played = Pick<PlayLog, 'plays' | 'endedSessions'>;
const NOTHING: Played = { plays: [], endedSessions: new Set() };

/** Plays CometChat and keeps what was played, also while another page is shown. */
export function usePlays(appId: string): PlayLog {
  const { mutateAsync } = usePlay();
  const client = useQueryClient();
  const queryKey = ['plays', appId];
  const { data: played = NOTHING } = useQuery<Played>({ queryKey, queryFn: skipToken, gcTime: Infinity });
  const change = (next: (before: Played) => Played) =>
    client.setQueryData<Played>(queryKey, (before) => next(before ?? NOTHING));

  const play = async (request: PlayRequest, text: string) => {
    const { from, to, kind, callAction } = request;
    const { notificationIds, sessionId } = await mutateAsync({ ...request, appId });
    const began = kind === 'call' && callAction === undefined ? sessionId : undefined;
    const at = new Date().toISOString();
    change(({ plays, endedSessions }) => {
      const key = (plays[0]?.key ?? 0) + 1;
      const newest = { key, text, at, from, to, notificationIds, sessionId: began };
      return { plays: [newest, ...plays].slice(0, KEPT), endedSessions };
    });
  };

  const continueCall = async ({ conversationId, ...call }: CallStep, text: string) => {
    try {
      await play({ kind: 'call', ...call, ...(conversationId !== undefined && { conversationId }) }, text);
      if (call.callAction !== 'ongoing')
        change(({ plays, endedSessions }) => ({
          plays,
          endedSessions: new Set([...endedSessions, call.sessionId]),
        }));
      return true;
    } catch (error) {
      toast.failed(words.phones.call.failed, error);
      return false;
    }
  };

  return { ...played, play, continueCall };
}
