import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';
import type { ReplayFilter } from './replay-filter.js';

export type Replay = Dto<'ReplayDto'>;
export type ReplayDetails = Dto<'ReplayDetailsDto'>;
export type Preview = Dto<'ReplayPreviewDto'>;
export type RequestedState = Dto<'ReplayChangeDto'>['state'];
export type Notification = Dto<'NotificationDto'>;

const REPLAYS = ['replays'] as const;
/** While something runs or its results arrive, in ms. */
const BUSY_MS = 1_500;
const IDLE_MS = 15_000;
/** Results arrive for a time after the last notification has been sent. */
const SETTLING_MS = 60_000;
const LIST_LENGTH = 10;
const STORIES = 25;

export function useReplays(appId: string | undefined, cursor: string | undefined) {
  return useQuery({
    queryKey: [...REPLAYS, 'list', appId, cursor],
    queryFn: () =>
      bodyOf(
        api.GET('/v1/replays', {
          params: {
            query: {
              limit: LIST_LENGTH,
              ...(appId !== undefined && { appId }),
              ...(cursor !== undefined && { cursor }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.data.some(isRunning) ? BUSY_MS : IDLE_MS),
  });
}

export function useReplay(replayId: string) {
  return useQuery({
    queryKey: [...REPLAYS, 'one', replayId],
    queryFn: () => bodyOf(api.GET('/v1/replays/{replayId}', { params: { path: { replayId } } })),
    refetchInterval: ({ state }) => intervalOf(state.data),
  });
}

/** The newest notifications that it has sent. */
export function useStories({ id, endedAt, filter }: ReplayDetails) {
  const query = { replayId: id, appId: filter.appId, limit: STORIES };
  return useQuery({
    queryKey: [...REPLAYS, 'stories', id, endedAt],
    queryFn: () => bodyOf(api.GET('/v1/notifications', { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      endedAt === null || state.data?.data.some(({ settledAt }) => settledAt === null) ? BUSY_MS : IDLE_MS,
  });
}

/** Counts what a replay would send. Nothing is sent or stored. */
export function usePreview() {
  return useMutation({
    mutationFn: async (filter: ReplayFilter): Promise<{ filter: ReplayFilter; preview: Preview }> => {
      const body = { filter, dryRun: true, perSecond: 1 };
      return { filter, preview: (await bodyOf(api.POST('/v1/replays', { body }))) as Preview };
    },
  });
}

export function useStart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (given: { readonly filter: ReplayFilter; readonly perSecond: number }) =>
      (await bodyOf(api.POST('/v1/replays', { body: { ...given, dryRun: false } }))) as Replay,
    onSuccess: () => client.invalidateQueries({ queryKey: REPLAYS }),
  });
}

/** Pauses, resumes or cancels a replay. */
export function useChange(replayId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (state: RequestedState) =>
      bodyOf(api.PATCH('/v1/replays/{replayId}', { params: { path: { replayId } }, body: { state } })),
    onSettled: () => client.invalidateQueries({ queryKey: REPLAYS }),
  });
}

export const isRunning = ({ state }: Pick<Replay, 'state'>): boolean => state === 'running';

function intervalOf(replay: ReplayDetails | undefined): number {
  if (!replay || isRunning(replay)) return BUSY_MS;
  const endedMs = Date.parse(replay.endedAt ?? '');
  return Date.now() - endedMs < SETTLING_MS ? BUSY_MS : IDLE_MS;
}
