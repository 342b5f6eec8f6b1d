import type { JobName, Jobs } from './jobs.js';

type Kind = 'string' | 'number' | 'array';

/** The fields that a payload must have, and the versions that this code reads (ADR 0034). */
interface PayloadShape {
  /** Empty: the job has no payload. */
  readonly versions: readonly number[];
  readonly fields: Readonly<Record<string, Kind>>;
}

const SEND = {
  versions: [1],
  fields: { notificationId: 'string', appId: 'string', provider: 'string', expiresAt: 'number' },
} as const satisfies PayloadShape;
const NOTIFICATION = {
  versions: [1, 2],
  fields: {
    appId: 'string',
    channel: 'string',
    kind: 'string',
    uid: 'string',
    receivedAt: 'number',
    content: 'string',
  },
} as const satisfies PayloadShape;
const NOTHING = { versions: [], fields: {} } as const satisfies PayloadShape;

const SHAPES: {
  readonly [N in JobName]: PayloadShape & { fields: { readonly [F in keyof Jobs[N]]?: Kind } };
} = {
  'notification.send': NOTIFICATION,
  'notification.plan': NOTIFICATION,
  'push.send': SEND,
  'sms.send': SEND,
  'sms.await-receipt': {
    versions: [1],
    fields: {
      deliveryId: 'string',
      notificationId: 'string',
      appId: 'string',
      successorId: 'string',
      route: 'array',
      expiresAt: 'number',
    },
  },
  'device.retire': {
    versions: [1],
    fields: { deviceId: 'string', reason: 'string', vendorCode: 'string', at: 'number' },
  },
  'device.reached': { versions: [1], fields: { devices: 'array', at: 'number' } },
  'device.sweep': NOTHING,
  'ledger.prune': NOTHING,
  'provider.check': { versions: [1], fields: {} },
  'replay.run': { versions: [1], fields: { replayId: 'string', run: 'number' } },
  'replay.watch': NOTHING,
};

/** Whether this code can run a job: `newer`: a later version may; `senseless`: no version will. */
export type Reading =
  | { readonly state: 'readable' }
  | { readonly state: 'newer'; readonly version: number | undefined }
  | { readonly state: 'senseless'; readonly why: string };

/** Checks a job's payload before it runs. Unknown fields are ignored. */
export function readPayload(name: string, data: unknown): Reading {
  const shape = isJobName(name) ? SHAPES[name] : undefined;
  const payload = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const { v: version } = payload;
  if (!shape) return { state: 'newer', version: typeof version === 'number' ? version : undefined };
  if (shape.versions.length === 0) return { state: 'readable' };
  if (typeof version !== 'number') return { state: 'senseless', why: 'its payload has no version' };
  if (version > Math.max(...shape.versions)) return { state: 'newer', version };
  if (!shape.versions.includes(version))
    return { state: 'senseless', why: `no code reads version ${version}` };
  const wrong = Object.entries(shape.fields).find(([field, kind]) => kindOf(payload[field]) !== kind);
  return wrong
    ? { state: 'senseless', why: `its payload has no ${wrong[0]} that is a ${wrong[1]}` }
    : { state: 'readable' };
}

const isJobName = (name: string): name is JobName => Object.hasOwn(SHAPES, name);
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
