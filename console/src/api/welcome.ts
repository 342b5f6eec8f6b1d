import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from './client.js';

/** Facts that are public before the login. */
export function useWelcome() {
  return useQuery({
    queryKey: ['welcome'],
    queryFn: () => bodyOf(api.GET('/admin/api/welcome')),
    staleTime: Infinity,
  });
}
