import { Injectable } from '@nestjs/common';
import type { SearchFilter, UserKey } from '../../deliveries/notification-filter.js';
import { NotificationRepository } from '../../deliveries/notification.repository.js';
import { normaliseUid } from '../../domain/uid.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { toE164 } from '../../platform/phone/phone-number.js';
import type { StoredDevice } from '../../recipients/devices/device.repository.js';
import { MAX_USERS, RecipientSearch, type AppNumber } from '../../recipients/search/recipient-search.js';
import { isUuid, type Reading, type Recognised } from './recognise.js';

/** A user, device or set of notifications, and the reading of the query that leads to it. */
export interface FoundBy<T> {
  readonly reading: Reading;
  readonly found: T;
}

/** The steps of a search that page through notifications; a cursor names one. */
export const PLACES = [
  'notification',
  'delivery',
  'device',
  'token',
  'call_session',
  'vendor_message',
  'phone',
  'uid',
  'uid_prefix',
  'scan',
] as const;
export type Place = (typeof PLACES)[number];

/** Where to find the notifications of a query. */
export interface SearchPlan {
  readonly users: readonly FoundBy<UserKey>[];
  readonly devices: readonly FoundBy<StoredDevice>[];
  /** Notifications found by an index, one set after the other. */
  readonly sets: readonly (FoundBy<SearchFilter> & { readonly place: Place })[];
  /** Notifications found only by looking at each, newest first. */
  readonly scans: readonly FoundBy<SearchFilter>[];
}

export interface SearchScope {
  /** The apps whose users and devices are searched. */
  readonly apps: readonly AppSettings[];
  /** The apps whose notifications are searched; unset: all. */
  readonly appIds?: readonly string[] | undefined;
}

interface IdSets {
  readonly sets: SearchPlan['sets'];
  /** An SMS has this vendor's id. */
  readonly isVendorId: boolean;
}

/** Finds out what a query is, with one look into each index. */
@Injectable()
export class Readers {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly recipients: RecipientSearch,
  ) {}

  async read({ text, readings }: Recognised, scope: SearchScope): Promise<SearchPlan> {
    const isWord = !/\s/.test(text);
    const [device, token, ids, phone, uid] = await Promise.all([
      isUuid(text) ? this.recipients.devicesById(idsOf(scope), text) : [],
      isWord ? this.recipients.devicesByToken(idsOf(scope), text) : [],
      isWord ? this.idSets(text, scope) : { sets: [], isVendorId: false },
      readings.includes('phone') ? this.phone(text, scope) : NOTHING,
      this.uid(text, readings, scope),
    ]);
    const owners = [...ownersOf('device', device), ...ownersOf('token', token)];
    const scans = [
      ...(token.length > 0 ? [] : scansOf(text, readings, ids, scope)),
      ...phone.scans,
      ...uid.scans,
    ];
    return {
      users: [...owners, ...phone.users, ...uid.users],
      devices: [...foundBy('device', device), ...foundBy('token', token)],
      sets: [
        ...ids.sets,
        ...ofUsers('device', owners),
        ...ofUsers('token', owners),
        ...phone.sets,
        ...uid.sets,
      ],
      scans,
    };
  }

  /** Notifications that the ledger knows by this id. */
  private async idSets(text: string, { apps, appIds }: SearchScope): Promise<IdSets> {
    const accounts = apps.flatMap(({ appId, sms }) =>
      sms.providers.map(({ id: provider }) => ({ appId, provider })),
    );
    const [ofDelivery, ofCall, ofSms] = await Promise.all([
      isUuid(text) ? this.notifications.ofDelivery(text.toLowerCase()) : undefined,
      this.notifications.ofCall(text, appIds),
      this.notifications.ofSms(accounts, text),
    ]);
    const all: readonly [Reading & Place, readonly string[]][] = [
      ['notification', isUuid(text) ? [text.toLowerCase()] : []],
      ['delivery', ofDelivery === undefined ? [] : [ofDelivery]],
      ['call_session', ofCall],
      ['vendor_message', ofSms],
    ];
    const sets = all
      .filter(([, ids]) => ids.length > 0)
      .map(([reading, ids]) => ({ reading, place: reading, found: { ids, appIds } }));
    return { sets, isVendorId: ofSms.length > 0 };
  }

  /** SMS to a number: those of the users who have it, and those to whom a webhook gave it. */
  private async phone(text: string, { apps, appIds }: SearchScope): Promise<SearchPlan> {
    const numbers = apps.flatMap(({ appId, sms }): AppNumber[] => {
      const phno = toE164(text, sms.defaultCountry) ?? toE164(`+${text}`, undefined);
      return phno === undefined ? [] : [{ appId, phno }];
    });
    if (numbers.length === 0) return NOTHING;
    const phnos = [...new Set(numbers.map(({ phno }) => phno))];
    const users = await this.recipients.usersByNumber(numbers);
    const of = { reading: 'phone', place: 'phone' } as const;
    return {
      users: foundBy('phone', users),
      devices: [],
      sets: users.length === 0 ? [] : [{ ...of, found: { users, phnos } }],
      scans: [{ reading: 'phone', found: { appIds, phnos, exceptUsers: users } }],
    };
  }

  /** The user with this uid, and if it may be a part of one, those whose uid begins like this. */
  private async uid(text: string, readings: readonly Reading[], scope: SearchScope): Promise<SearchPlan> {
    const uid = normaliseUid(text);
    if (uid === undefined || readings.includes('call_session')) return NOTHING;
    const { appIds } = scope;
    const exact = { reading: 'uid', place: 'uid', found: { uid, appIds } } as const;
    const mayBePart = readings.includes('uid') || readings.includes('tag');
    const known = await this.recipients.usersByPrefix(idsOf(scope), uid);
    const users = foundBy('uid', mayBePart ? known : known.filter((user) => user.uid === uid));
    const others = known.filter((user) => user.uid !== uid);
    if (!mayBePart) return { users, devices: [], sets: [exact], scans: [] };
    const part = { reading: 'uid', place: 'uid_prefix', found: { users: others } } as const;
    const exceptUsers = [...others, ...idsOf(scope).map((appId) => ({ appId, uid }))];
    return {
      users,
      devices: [],
      sets: [exact, ...(others.length === 0 ? [] : [part])],
      scans: [{ reading: 'uid', found: { appIds, uidPrefix: uid, exceptUsers } }],
    };
  }
}

const NOTHING: SearchPlan = { users: [], devices: [], sets: [], scans: [] };

const idsOf = ({ apps }: SearchScope): string[] => apps.map(({ appId }) => appId);

const foundBy = <T>(reading: Reading, all: readonly T[]): FoundBy<T>[] =>
  all.map((found) => ({ reading, found }));

function ownersOf(reading: Reading, devices: readonly StoredDevice[]): FoundBy<UserKey>[] {
  const owners = new Map(devices.map(({ appId, uid }) => [`${appId} ${uid}`, { appId, uid }]));
  return foundBy(reading, [...owners.values()].slice(0, MAX_USERS));
}

/** The notifications of the users that a reading has found. */
function ofUsers(reading: Reading & Place, all: readonly FoundBy<UserKey>[]): SearchPlan['sets'] {
  const users = all.filter((user) => user.reading === reading).map(({ found }) => found);
  return users.length === 0 ? [] : [{ reading, place: reading, found: { users } }];
}

/** A call that did not ring, a push by its vendor's id, and a message by its tag are known by no index. */
function scansOf(
  text: string,
  readings: readonly Reading[],
  { sets, isVendorId }: IdSets,
  { appIds }: SearchScope,
): FoundBy<SearchFilter>[] {
  const scans: FoundBy<SearchFilter>[] = [];
  const hasRung = sets.some(({ reading }) => reading === 'call_session');
  if (readings.includes('call_session') && !hasRung)
    scans.push({ reading: 'call_session', found: { appIds, sessionId: text } });
  const mayBeVendorId = readings.includes('vendor_message') || readings.includes('token') || isUuid(text);
  if (mayBeVendorId && !isVendorId)
    scans.push({ reading: 'vendor_message', found: { appIds, vendorId: text } });
  if (readings.includes('tag')) scans.push({ reading: 'tag', found: { appIds, tag: text } });
  return scans;
}
