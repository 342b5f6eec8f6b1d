import { createHash } from 'node:crypto';
import type { SmsGuardSettings, SmsLimitSettings } from '../../../platform/config/sms-settings.js';
import { toMicros, type Price } from './price-of.js';

/** The facts of an SMS that its limits depend on. */
export interface GuardedSms {
  readonly appId: string;
  readonly uid: string;
  readonly conversation: string | undefined;
  /** E.164 */
  readonly phno: string;
  readonly provider: string;
  readonly country: string | null;
  readonly segments: number;
}

/** One counter of one app. */
export interface CounterKey {
  readonly scope: string;
  /** A uid, the hash of a number or conversation, or a prefix; empty for the app. */
  readonly key: string;
}

/** The window in minutes, or a calendar month as on the bill. */
export type Span = number | 'month';

/** One limit, and the share of one SMS. */
export interface Limit extends CounterKey {
  /** Name of the setting. */
  readonly name: string;
  readonly unit: 'texts' | 'money';
  /** In SMS, or in millionths of the currency. */
  readonly most: number;
  /** Share of this SMS, in the same unit. */
  readonly amount: number;
  readonly span: Span;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const STEPS_PER_SPAN = 12;
const MS_PER_MINUTE = 60_000;

/**
 * The limits that apply to an SMS: in number of SMS, and in money if it has a price.
 *
 * A user is counted twice under one limit, by uid and by number: several users may share a number, and a user may change
 * it. A conversation is counted per user.
 */
export function limitsOf(guard: SmsGuardSettings, sms: GuardedSms, price: Price | null): Limit[] {
  const { perPersonPerHour, perPersonPerDay, perConversationPerDay, perAppPerMonth, pumping } = guard;
  const { uid, conversation, phno } = sms;
  const number = hash(phno);
  const limits = [
    ...both('perPersonPerHour', perPersonPerHour, { scope: 'person_hour', key: uid }, HOUR, price),
    ...both('perPersonPerHour', perPersonPerHour, { scope: 'number_hour', key: number }, HOUR, price),
    ...both('perPersonPerDay', perPersonPerDay, { scope: 'person_day', key: uid }, DAY, price),
    ...both('perPersonPerDay', perPersonPerDay, { scope: 'number_day', key: number }, DAY, price),
  ];
  if (conversation !== undefined) {
    // No uid contains a line break.
    const counter = { scope: 'conversation_day', key: hash(`${uid}\n${conversation}`) };
    limits.push(...both('perConversationPerDay', perConversationPerDay, counter, DAY, price));
  }
  limits.push(...both('perAppPerMonth', perAppPerMonth, { scope: 'app_month', key: '' }, 'month', price));
  if (pumping.texts > 0) {
    limits.push({
      name: 'pumping',
      scope: 'prefix',
      key: phno.slice(0, -pumping.omitDigits),
      unit: 'texts',
      most: pumping.texts,
      amount: 1,
      span: pumping.windowMinutes,
    });
  }
  return limits;
}

/** The counters of a user and of these numbers (E.164). Those of conversations are hashes, and expire within a day. */
export function countersOf(uid: string, numbers: readonly string[]): CounterKey[] {
  const ofUser = ['person_hour', 'person_day'].map((scope) => ({ scope, key: uid }));
  const ofNumbers = numbers.flatMap((phno) =>
    ['number_hour', 'number_day'].map((scope) => ({ scope, key: hash(phno) })),
  );
  return [...ofUser, ...ofNumbers];
}

/**
 * Ids from a webhook may exceed the index limit or contain characters that PostgreSQL refuses, which would fail the whole
 * batch. Phone numbers need only be comparable.
 */
function hash(name: string): string {
  return createHash('sha256').update(name).digest('base64url');
}

/** Number and money have separate counters, so that each has its own warning. */
function both(
  name: string,
  settings: SmsLimitSettings | undefined,
  { scope, key }: CounterKey,
  span: Span,
  price: Price | null,
): Limit[] {
  const limits: Limit[] = [];
  if (settings?.texts !== undefined)
    limits.push({ name: `${name}.texts`, scope, key, unit: 'texts', most: settings.texts, amount: 1, span });
  if (settings?.money !== undefined && price !== null && price.micros > 0) {
    const most = toMicros(settings.money);
    const amount = price.micros;
    limits.push({ name: `${name}.money`, scope: `${scope}_money`, key, unit: 'money', most, amount, span });
  }
  return limits;
}

/**
 * The step in which an SMS is counted now, and the start of the window that counts.
 *
 * A window advances in twelve steps and spans its whole length before the current step, so that no interval of that length
 * ever exceeds the limit; an SMS counts for at most a twelfth longer. A month starts on its first day in UTC.
 */
export function windowAt(span: Span, now: Date): { readonly start: Date; readonly since: Date } {
  if (span === 'month') {
    const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    return { start, since: start };
  }
  const spanMs = span * MS_PER_MINUTE;
  const stepMs = spanMs / STEPS_PER_SPAN;
  const startMs = Math.floor(now.getTime() / stepMs) * stepMs;
  return { start: new Date(startMs), since: new Date(startMs - spanMs) };
}
