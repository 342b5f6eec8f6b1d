import type { JobName, Jobs } from './jobs.js';

type Kind = 'string' | 'number' | 'array';

/** What a payload has to have for this code to do the job, and the versions that it reads (ADR 0034). */
interface PayloadShape {
  /** Empty: the job carries nothing. */
  readonly versions: readonly number[];
  readonly fields: Readonly<Record<string, Kind>>;
}

const SEND = {
  versions: [1],
  fields: { notificationId: 'string', appId: 'string', provider: 'string', expiresAt: 'number' },
} as const satisfies PayloadShape;
const NOTHING = { versions: [], fields: {} } as const satisfies PayloadShape;

const SHAPES: {
  readonly [N in JobName]: PayloadShape & { fields: { readonly [F in keyof Jobs[N]]?: Kind } };
} = {
  'notification.plan': {
    versions: [1],
    fields: {
      appId: 'string',
      channel: 'string',
      kind: 'string',
      uid: 'string',
      receivedAt: 'number',
      content: 'string',
    },
  },
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
};

/** Whether this code can do a job: `newer`: a later version of it may; `senseless`: no version ever will. */
export type Reading =
  | { readonly state: 'readable' }
  | { readonly state: 'newer'; readonly version: number | undefined }
  | { readonly state: 'senseless'; readonly why: string };

/** Looks at what a job carries before anything is done with it. Fields that are not known are none of our business. */
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
