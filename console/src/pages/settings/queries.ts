import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

export type Config = Dto<'ConfigDto'>;
export type Setting = Config['settings'][number];
export type Partition = Config['partitions'][number];

export function useConfig() {
  return useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => bodyOf(api.GET('/v1/config', { signal })),
  });
}
