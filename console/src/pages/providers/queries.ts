import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';
import { providersQuery, type Provider } from '../../api/providers.js';

export type Vendor = Dto<'SandboxVendorDto'>;
export type VendorState = Vendor['state'];
export type TestKind = Dto<'TestRequestDto'>['kind'];
export type TestAnswer = Dto<'TestAnswerDto'>;

export const VENDOR_STATES = [
  'up',
  'slow',
  'down',
  'over_quota',
  'refusing',
] as const satisfies readonly VendorState[];

const VENDORS = ['sandbox', 'vendors'] as const;
/** Breakers open and close by themselves. */
const REFRESH_MS = 5_000;

type AccountPath = Pick<Provider, 'appId' | 'channel' | 'id'>;

export const useProviders = () => useQuery({ ...providersQuery, refetchInterval: REFRESH_MS });

export function useVendors() {
  return useQuery({
    queryKey: VENDORS,
    queryFn: async () => (await bodyOf(api.GET('/sandbox/vendors'))).data,
    refetchInterval: REFRESH_MS,
  });
}

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

export function useSwitchVendor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ state, ...path }: Vendor) =>
      bodyOf(api.PUT('/sandbox/vendors/{appId}/{channel}/{provider}', { params: { path }, body: { state } })),
    onSuccess: () => client.invalidateQueries({ queryKey: VENDORS }),
  });
}

/** Sends a test to all devices of a user, or to the user's number. */
export function useTestSend(appId: string) {
  return useMutation({
    mutationFn: ({ uid, kind }: { readonly uid: string; readonly kind: TestKind }) =>
      bodyOf(api.POST('/v1/tests', { body: { appId, uid, kind } })),
  });
}
