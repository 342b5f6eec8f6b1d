import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

export type AuditRecord = Dto<'AuditRecordDto'>;

export interface AuditFilters {
  readonly appId?: string;
  readonly action?: string;
  readonly actor?: string;
  /** ISO 8601 */
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
}

const LIMIT = 50;

export function useAudit(filters: AuditFilters) {
  const query = { ...filters, limit: LIMIT };
  return useQuery({
    queryKey: ['audit', filters],
    queryFn: ({ signal }) => bodyOf(api.GET('/v1/audit', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}
