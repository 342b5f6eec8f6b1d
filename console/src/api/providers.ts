import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';

export type Provider = Dto<'ProviderDto'>;

/** All providers, with the time in ms at which they were read: breakers are told relative to it. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async () => ({
    providers: (await bodyOf(api.GET('/v1/providers'))).data,
    readAtMs: Date.now(),
  }),
});

/** Which providers there are; their states may be old. */
export function useProviderList(): readonly Provider[] {
  const { data } = useQuery({ ...providersQuery, staleTime: 300_000 });
  return data?.providers ?? [];
}

/** The ids of the providers of an app and channel, or of all. */
export function useProviderIds(appId?: string, channel?: string): string[] {
  const found = useProviderList().filter(
    (provider) =>
      (appId === undefined || provider.appId === appId) &&
      (channel === undefined || provider.channel === channel),
  );
  return [...new Set(found.map(({ id }) => id))].sort((a, b) => a.localeCompare(b));
}
