import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';

/** A sandbox provider with the way it answers. */
export type Vendor = Dto<'SandboxVendorDto'>;
export type VendorState = Vendor['state'];

export const VENDOR_STATES = [
  'up',
  'down',
  'slow',
  'over_quota',
  'refusing',
] as const satisfies readonly VendorState[];

const VENDORS = ['sandbox', 'vendors'] as const;
/** Somebody else may switch them, too. */
const REFRESH_MS = 10_000;

export function useVendors() {
  return useQuery({
    queryKey: VENDORS,
    queryFn: async () => (await bodyOf(api.GET('/sandbox/vendors'))).data,
    refetchInterval: REFRESH_MS,
  });
}

export function useSwitchVendor() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ state, ...path }: Vendor) =>
      bodyOf(api.PUT('/sandbox/vendors/{appId}/{channel}/{provider}', { params: { path }, body: { state } })),
    onSuccess: (switched) =>
      client.setQueryData<Vendor[]>(VENDORS, (known) =>
        known?.map((vendor) => (isSame(vendor, switched) ? switched : vendor)),
      ),
  });
}

const isSame = (a: Vendor, b: Vendor): boolean =>
  a.appId === b.appId && a.channel === b.channel && a.provider === b.provider;
