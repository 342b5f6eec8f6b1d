import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import type { Transport } from '../../domain/notification.js';
import { newId } from '../../platform/ids/new-id.js';
import type { Registration } from './registration.js';
import { tokenHash } from './token-hash.js';

/** What has to be known of a stored device to decide what a registration does to it. */
export interface DeviceKeys {
  readonly id: string;
  readonly uid: string;
  readonly transport: string;
  /** Hex. */
  readonly tokenHash: string;
  readonly sessionId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null: it is in use. */
  readonly retiredAt: Date | null;
  /** APNs only: what the client named, or what turned out to be the token's. */
  readonly environment: string | null;
}

/** A device as it is to be stored. */
export interface RegisteredDevice extends Omit<Registration, 'sessionId'>, Omit<DeviceKeys, 'environment'> {
  readonly transport: Transport;
}

/** What came of one registration. */
export interface Registered {
  readonly device: RegisteredDevice;
  /** False where this person had registered this token before. */
  readonly isNew: boolean;
}

/** What a batch of registrations changes: rows to delete, then rows to insert, and an answer for each registration. */
export interface DeviceChanges {
  readonly gone: readonly string[];
  readonly fresh: readonly RegisteredDevice[];
  readonly answers: readonly Registered[];
}

export const MAX_DEVICES_PER_USER = 100;

const tokenKey = (device: Pick<DeviceKeys, 'transport' | 'tokenHash'>): string =>
  `${device.transport} ${device.tokenHash}`;

/**
 * Works out what registrations of one app do, one after another:
 * a token belongs to the person who registered it last; it is the only one of its transport in its session; and a
 * person has at most 100 in use, of which the one that was registered longest ago goes.
 *
 * A device that is registered again keeps its id and `createdAt`, and is in use again if it had been retired; one that
 * moves to another person is a new device.
 *
 * @param known every device of these persons, and every device with one of these tokens.
 */
export function applyRegistrations(
  known: readonly DeviceKeys[],
  registrations: readonly { readonly uid: string; readonly registration: Registration }[],
  now: Date,
): DeviceChanges {
  const byToken = new Map(known.map((device) => [tokenKey(device), device]));
  const byPerson = new Map<string, Set<DeviceKeys>>();
  const devicesOf = (uid: string): Set<DeviceKeys> => {
    const devices = byPerson.get(uid) ?? new Set();
    byPerson.set(uid, devices);
    return devices;
  };
  for (const device of known) devicesOf(device.uid).add(device);
  const remove = (device: DeviceKeys): void => {
    byToken.delete(tokenKey(device));
    devicesOf(device.uid).delete(device);
  };

  const answers = registrations.map(({ uid, registration }): Registered => {
    const hash = tokenHash(registration.token);
    const holder = byToken.get(tokenKey({ transport: registration.transport, tokenHash: hash }));
    const mine = holder?.uid === uid ? holder : undefined;
    const device: RegisteredDevice = {
      ...registration,
      id: mine?.id ?? newId(),
      uid,
      tokenHash: hash,
      sessionId: registration.sessionId === undefined ? (mine?.sessionId ?? null) : registration.sessionId,
      // A token never changes it: what was found out stands where the client names none.
      environment: registration.environment ?? environmentOf(holder),
      createdAt: mine?.createdAt ?? now,
      updatedAt: now,
      retiredAt: null,
    };
    if (holder) remove(holder);
    for (const other of devicesOf(uid)) if (isReplacedBy(other, device)) remove(other);
    byToken.set(tokenKey(device), device);
    const own = devicesOf(uid);
    // Sorted before the newcomer joins, so that it is never its own victim.
    const inUse = [...own].filter(({ retiredAt }) => retiredAt === null);
    const surplus = Math.max(inUse.length + 1 - MAX_DEVICES_PER_USER, 0);
    for (const oldest of inUse.sort(byAge).slice(0, surplus)) remove(oldest);
    own.add(device);
    return { device, isNew: mine === undefined };
  });

  const before = new Set(known);
  const after = [...byToken.values()];
  const kept = new Set(after);
  return {
    gone: known.filter((device) => !kept.has(device)).map(({ id }) => id),
    fresh: after.filter((device): device is RegisteredDevice => !before.has(device)),
    answers,
  };
}

function environmentOf(device: DeviceKeys | undefined): ApnsEnvironment | null {
  const environment = device?.environment;
  return environment === 'production' || environment === 'sandbox' ? environment : null;
}

/** Oldest first; within a millisecond by id, which holds the time of the first registration. */
function byAge(a: DeviceKeys, b: DeviceKeys): number {
  return Number(a.updatedAt) - Number(b.updatedAt) || (a.id < b.id ? -1 : 1);
}

function isReplacedBy(known: DeviceKeys, device: DeviceKeys): boolean {
  return (
    known.sessionId !== null && known.sessionId === device.sessionId && known.transport === device.transport
  );
}
