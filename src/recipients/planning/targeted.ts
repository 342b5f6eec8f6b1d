import type { DeviceTarget } from '../../queue/jobs.js';

interface Candidate {
  readonly id: string;
  readonly sessionId: string | null;
}

/** The devices of a user that a push is for. */
export function targeted<D extends Candidate>(
  devices: readonly D[],
  target: DeviceTarget = {},
): readonly D[] {
  const { deviceId, deviceIds, sessionId, exceptSessionId } = target;
  return devices.filter(
    (device) =>
      (deviceId === undefined || device.id === deviceId) &&
      (deviceIds === undefined || deviceIds.includes(device.id)) &&
      (sessionId === undefined || device.sessionId === sessionId) &&
      (exceptSessionId === undefined || device.sessionId !== exceptSessionId),
  );
}

/** The end of a notification's lifetime, which the TTL of its sender may shorten but not extend. */
export function within(ttlSeconds: number | undefined, receivedAt: Date, expiresAt: Date): Date {
  if (ttlSeconds === undefined) return expiresAt;
  return new Date(Math.min(expiresAt.getTime(), receivedAt.getTime() + ttlSeconds * 1_000));
}
