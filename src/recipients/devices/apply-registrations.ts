import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import type { Transport } from '../../domain/notification.js';
import { newId } from '../../platform/ids/new-id.js';
import type { Registration } from './registration.js';
import { tokenHash } from './token-hash.js';

/** The fields of a stored device that registrations depend on. */
export interface DeviceKeys {
  readonly id: string;
  readonly uid: string;
  readonly transport: string;
  /** Hex. */
  readonly tokenHash: string;
  readonly sessionId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null while in use. */
  readonly retiredAt: Date | null;
  /** APNs only: named by the client, or learned from a push. */
  readonly environment: string | null;
}

/** A device to be stored. */
export interface RegisteredDevice extends Omit<Registration, 'sessionId'>, Omit<DeviceKeys, 'environment'> {
  readonly transport: Transport;
}

/** Result of one registration. */
export interface Registered {
  readonly device: RegisteredDevice;
  /** False if this user had registered this token before. */
  readonly isNew: boolean;
}

/** Effect of a batch of registrations: rows to delete, then rows to insert, and an answer for each registration. */
export interface DeviceChanges {
  readonly gone: readonly string[];
  readonly fresh: readonly RegisteredDevice[];
  readonly answers: readonly Registered[];
}

export const MAX_DEVICES_PER_USER = 100;

const tokenKey = (device: Pick<DeviceKeys, 'transport' | 'tokenHash'>): string =>
  `${device.transport} ${device.tokenHash}`;

/**
 * Applies registrations of one app in order. A token belongs to the user who registered it last, and is the only one of
 * its transport in its session. A user has at most 100 devices in use: the least recently registered one is evicted.
 *
 * A device that is registered again keeps its id and `createdAt`, and is no longer retired; one that moves to another
 * user is a new device.
 *
 * @param known every device of these users, and every device with one of these tokens.
 */
export function applyRegistrations(
  known: readonly DeviceKeys[],
  registrations: readonly { readonly uid: string; readonly registration: Registration }[],
  now: Date,
): DeviceChanges {
  const byToken = new Map(known.map((device) => [tokenKey(device), device]));
  const byUser = new Map<string, Set<DeviceKeys>>();
  const devicesOf = (uid: string): Set<DeviceKeys> => {
    const devices = byUser.get(uid) ?? new Set();
    byUser.set(uid, devices);
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
      // Fixed for a token, so a known environment stays if the client names none.
      environment: registration.environment ?? environmentOf(holder),
      createdAt: mine?.createdAt ?? now,
      updatedAt: now,
      retiredAt: null,
    };
    if (holder) remove(holder);
    for (const other of devicesOf(uid)) if (isReplacedBy(other, device)) remove(other);
    byToken.set(tokenKey(device), device);
    const own = devicesOf(uid);
    // Before the new device joins, so that it never evicts itself.
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
