import { useInfiniteQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

type SearchResult = Dto<'SearchResultDto'>;

/** A person, and what of the query led to them. */
export interface FoundPerson {
  readonly appId: string;
  readonly uid: string;
  readonly foundBy: readonly string[];
  readonly device: Dto<'FoundDeviceDto'> | undefined;
}

const LIMIT = 50;

/** @param query not empty */
export function usePeople(query: string, appId: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['people', query, appId],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/v1/search', {
          params: {
            query: {
              q: query,
              limit: LIMIT,
              ...(appId !== undefined && { appId }),
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }: SearchResult) => nextCursor,
  });
}

/** Each person once: those found themselves first, then those of devices and notifications. */
export function personsIn(pages: readonly SearchResult[]): FoundPerson[] {
  const persons = new Map<string, FoundPerson>();
  const add = (
    { appId, uid, foundBy }: Pick<FoundPerson, 'appId' | 'uid' | 'foundBy'>,
    device?: FoundPerson['device'],
  ): void => {
    const key = `${appId} ${uid}`;
    const known = persons.get(key);
    persons.set(key, {
      ...{ appId, uid },
      foundBy: [...new Set([...(known?.foundBy ?? []), ...foundBy])],
      device: known?.device ?? device,
    });
  };
  for (const { users, devices, data } of pages) {
    for (const user of users) add(user);
    for (const device of devices) add(device, device);
    for (const notification of data) add(notification);
  }
  return [...persons.values()];
}
