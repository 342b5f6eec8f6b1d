/** A time of the URL (ISO 8601) as a field of local time shows it; empty if it is none. */
export function localOf(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return '';
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** The time of a field as ISO 8601 in UTC. */
export function momentOf(local: string | undefined): string | undefined {
  if (local === undefined) return undefined;
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
