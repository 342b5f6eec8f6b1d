/** Milliseconds after which a client connects again. */
const RETRY_MS = 3_000;

export const RETRY = `retry: ${RETRY_MS}\n\n`;

/** @param data JSON, which contains no line break. @param place where a later stream goes on. */
export function sseEvent(name: string, data: string, place: Date | undefined): string {
  return `event: ${name}\n${idOf(place)}data: ${data}\n\n`;
}

/** Keeps the connection open, and tells the client the place without an event. */
export function sseComment(place: Date | undefined): string {
  return `: open\n${idOf(place)}\n`;
}

const idOf = (place: Date | undefined): string => (place ? `id: ${place.getTime()}\n` : '');

/** Reads a `Last-Event-ID`. @returns undefined: none was sent; null: not one of ours. */
export function placeIn(header: string | undefined): Date | undefined | null {
  if (header === undefined) return undefined;
  return /^\d{1,15}$/.test(header) ? new Date(Number(header)) : null;
}
