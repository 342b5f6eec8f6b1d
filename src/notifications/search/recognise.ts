import { normaliseUid } from '../../domain/uid.js';

/** The possible meanings of a query. */
export const READINGS = [
  'notification',
  'delivery',
  'device',
  'token',
  'call_session',
  'vendor_message',
  'phone',
  'tag',
  'uid',
] as const;
export type Reading = (typeof READINGS)[number];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** In a URL, a plus sign that is not escaped is a space. */
const PLUS_AS_SPACE = /^ (?=\d{7,15}$)/;
const PHONE = /^\+?[\d\s().\-/]{7,30}$/;
const DIGITS = /^\d+$/;
const CALL_SESSION = /^v1\./;
/** Firebase’s, Twilio’s, and those of vendors that use UUIDs. */
const VENDOR_MESSAGE = /^(projects\/[^/]+\/messages\/|(SM|MM)[0-9a-f]{32}$)/;
const SHORTEST_TOKEN = 32;
/** CometChat numbers messages with fewer digits. */
const LONGEST_TAG = 20;

/** A query and its meanings by its shape. */
export interface Recognised {
  /** Without surrounding white space. */
  readonly text: string;
  /** In the order in which they are tried. */
  readonly readings: readonly Reading[];
}

/** Recognises a query by its shape. It may be more: any text may be a token, a session, a vendor's id or a uid. */
export function recognise(query: string): Recognised {
  const text = query.replace(PLUS_AS_SPACE, '+').trim();
  return { text, readings: readingsOf(text) };
}

function readingsOf(text: string): Reading[] {
  if (isUuid(text)) return ['notification', 'delivery'];
  if (CALL_SESSION.test(text)) return ['call_session'];
  if (VENDOR_MESSAGE.test(text)) return ['vendor_message'];
  if (DIGITS.test(text)) {
    const tag: Reading[] = text.length <= LONGEST_TAG ? ['tag'] : ['vendor_message'];
    return isPhone(text) ? ['phone', ...tag] : tag;
  }
  if (isPhone(text)) return ['phone'];
  if (text.length >= SHORTEST_TOKEN && !/\s/.test(text)) return ['token'];
  return normaliseUid(text) === undefined ? [] : ['uid'];
}

export const isUuid = (text: string): boolean => UUID.test(text);

function isPhone(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length;
  return PHONE.test(text) && digits >= 7 && digits <= 15;
}
