/** Parses a vendor's date: ISO 8601, or `2020-01-01 12:00:00.123456` in UTC. Null if it is neither. */
export function vendorDate(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const isBare = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$/.test(value);
  if (!isBare && !/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(value)) return null;
  const date = new Date(isBare ? `${value.replace(' ', 'T')}Z` : value);
  return Number.isNaN(date.getTime()) ? null : date;
}
