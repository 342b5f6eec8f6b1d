import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client.js';
import { providersQuery, type Provider } from '../../api/providers.js';

/** Breakers open and close by themselves. */
const REFRESH_MS = 5_000;

type AccountPath = Pick<Provider, 'appId' | 'channel' | 'id'>;

export const useProviders = () => useQuery({ ...providersQuery, refetchInterval: REFRESH_MS });

/** Asks the vendor about an account; takes up to 15 s. */
export function useCheck({ appId, channel, id }: AccountPath) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/v1/providers/{appId}/{channel}/{id}/check', { params: { path: { appId, channel, id } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: providersQuery.queryKey }),
  });
}

/** Closes the circuit breaker. */
export function useRelease({ appId, channel, id }: AccountPath) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/v1/providers/{appId}/{channel}/{id}/release', {
          params: { path: { appId, channel, id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: providersQuery.queryKey }),
  });
}
