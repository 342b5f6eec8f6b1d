import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, bodyOf, type Dto } from '../../api/client.js';
import { useEvents } from '../../api/events.js';
import { STORIES } from '../../api/story.js';
import type { SandboxMessage } from './screen.js';

export type PlayRequest = Omit<Dto<'PlayDto'>, 'callAction'> & { callAction?: Dto<'PlayDto'>['callAction'] };
export type CallAction = Dto<'PlayDto'>['callAction'];
export type Platform = Dto<'AddPhoneDto'>['platform'];

const PHONES = ['sandbox', 'phones'] as const;
const MESSAGES = ['sandbox', 'messages'] as const;

const KEPT_MESSAGES = 500;
/** While events arrive, for what a lost connection may have kept from the page, in ms. */
const CATCH_UP_MS = 15_000;
/** Without events: the page is there to watch messages arrive. */
const WATCH_MS = 1_500;

export function usePhones() {
  return useQuery({
    queryKey: PHONES,
    queryFn: async () => (await bodyOf(api.GET('/sandbox/phones'))).data,
    refetchInterval: CATCH_UP_MS,
  });
}

/** The messages given to sandbox providers, the oldest first, as they arrive. */
export function useMessages() {
  const client = useQueryClient();
  const state = useEvents(['sandbox', 'notifications'], (name, data) => {
    if (name === 'sandbox')
      client.setQueryData<SandboxMessage[]>(
        MESSAGES,
        (known) => known && added(known, data as SandboxMessage),
      );
    if (name === 'notification')
      void client.invalidateQueries({ queryKey: [...STORIES, (data as Dto<'NotificationDto'>).id] });
  });
  useEffect(() => {
    // For messages from before the stream was open.
    if (state === 'live') void client.invalidateQueries({ queryKey: MESSAGES });
  }, [client, state]);
  const query = useQuery({
    queryKey: MESSAGES,
    queryFn: async () => {
      const { data } = await bodyOf(
        api.GET('/sandbox/messages', { params: { query: { limit: KEPT_MESSAGES } } }),
      );
      return (data as SandboxMessage[]).toReversed();
    },
    refetchInterval: intervalOf(state),
  });
  return query;
}

const intervalOf = (state: ReturnType<typeof useEvents>): number =>
  state === 'live' ? CATCH_UP_MS : WATCH_MS;

function added(known: readonly SandboxMessage[], message: SandboxMessage): SandboxMessage[] {
  if (known.some(({ id }) => id === message.id)) return [...known];
  return [...known, message].slice(-KEPT_MESSAGES);
}

export function usePlay() {
  return useMutation({
    // The type of the body has its defaults as fields that must be there.
    mutationFn: (body: PlayRequest) =>
      bodyOf(api.POST('/sandbox/play', { body: { callAction: 'initiated', ...body } })),
  });
}

interface NewPhone {
  readonly appId: string;
  readonly uid: string;
  readonly platform: Platform;
}

/** Adds phones, one after the other. */
export function useAddPhones() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (phones: readonly NewPhone[]) => {
      for (const body of phones) await api.POST('/sandbox/phones', { body });
    },
    onSettled: () => client.invalidateQueries({ queryKey: PHONES }),
  });
}

/** Deletes all messages of all sandboxes. */
export function useEmptyPhones() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => bodyOf(api.DELETE('/sandbox/messages')),
    onSuccess: () => client.setQueryData<SandboxMessage[]>(MESSAGES, []),
  });
}
