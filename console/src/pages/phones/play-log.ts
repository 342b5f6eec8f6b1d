import { useState } from 'react';
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

/** Plays CometChat and keeps what was played while the page is open. */
export function usePlays(appId: string): PlayLog {
  const { mutateAsync } = usePlay();
  const [plays, setPlays] = useState<readonly Play[]>([]);
  const [endedSessions, setEnded] = useState<ReadonlySet<string>>(new Set());

  const play = async (request: PlayRequest, text: string) => {
    const { from, to, kind, callAction } = request;
    const { notificationIds, sessionId } = await mutateAsync({ ...request, appId });
    const began = kind === 'call' && callAction === undefined ? sessionId : undefined;
    const at = new Date().toISOString();
    setPlays((before) =>
      [
        { key: (before[0]?.key ?? 0) + 1, text, at, from, to, notificationIds, sessionId: began },
        ...before,
      ].slice(0, KEPT),
    );
  };

  const continueCall = async ({ conversationId, ...call }: CallStep, text: string) => {
    try {
      await play({ kind: 'call', ...call, ...(conversationId !== undefined && { conversationId }) }, text);
      if (call.callAction !== 'ongoing') setEnded((before) => new Set([...before, call.sessionId]));
      return true;
    } catch (error) {
      toast.failed(words.phones.call.failed, error);
      return false;
    }
  };

  return { plays, endedSessions, play, continueCall };
}
