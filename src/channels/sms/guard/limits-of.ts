import { createHash } from 'node:crypto';
import type { SmsGuardSettings, SmsLimitSettings } from '../../../platform/config/sms-settings.js';
import { toMicros, type Price } from './price-of.js';

/** What the guard has to know of a text that is about to be sent. */
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
  /** Whom it counts: a uid, the hash of a number or a conversation, a prefix; empty for the app itself. */
  readonly key: string;
}

/** How long a text counts, in minutes; a month is the calendar's, as on a bill. */
export type Span = number | 'month';

/** One limit, and what one text takes of it. */
export interface Limit extends CounterKey {
  /** As the settings call it. */
  readonly name: string;
  readonly unit: 'texts' | 'money';
  /** Texts, or millionths of the currency. */
  readonly most: number;
  /** The same, of this text. */
  readonly amount: number;
  readonly span: Span;
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** Steps in which a span moves on. */
const STEPS = 12;
const MS_PER_MINUTE = 60_000;

/**
 * The limits that a text comes under: each in texts, and in money where it has a price.
 *
 * A person is counted twice, by uid and by number, under one limit: several users may share a number, and a user may
 * change theirs. A conversation is one of this person, with a sender or in a group.
 */
export function limitsOf(guard: SmsGuardSettings, text: GuardedSms, price: Price | null): Limit[] {
  const { perPersonPerHour, perPersonPerDay, perConversationPerDay, perAppPerMonth, pumping } = guard;
  const { uid, conversation, phno } = text;
  const number = hash(phno);
  const limits = [
    ...both('perPersonPerHour', perPersonPerHour, { scope: 'person_hour', key: uid }, HOUR, price),
    ...both('perPersonPerHour', perPersonPerHour, { scope: 'number_hour', key: number }, HOUR, price),
    ...both('perPersonPerDay', perPersonPerDay, { scope: 'person_day', key: uid }, DAY, price),
    ...both('perPersonPerDay', perPersonPerDay, { scope: 'number_day', key: number }, DAY, price),
  ];
  if (conversation !== undefined) {
    // No uid has a line break.
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

/**
 * A webhook's names may be longer than an index takes, and hold what PostgreSQL refuses, with the whole batch. Of a
 * number the counters need no more than that it is the same.
 */
function hash(name: string): string {
  return createHash('sha256').update(name).digest('base64url');
}

/** Texts and money have counters of their own, so that each is warned of by itself. */
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
 * Where a text of this moment is counted, and since when what was counted counts.
 *
 * A span moves on in twelve steps and looks back by its whole length from the start of the step, so that no stretch
 * of that length ever has more than the limit; a text counts for a twelfth longer at most. A month starts anew on its
 * first day, in UTC.
 */
export function windowAt(span: Span, now: Date): { readonly start: Date; readonly since: Date } {
  if (span === 'month') {
    const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    return { start, since: start };
  }
  const spanMs = span * MS_PER_MINUTE;
  const stepMs = spanMs / STEPS;
  const startMs = Math.floor(now.getTime() / stepMs) * stepMs;
  return { start: new Date(startMs), since: new Date(startMs - spanMs) };
}
