import type { PushContent, SmsContent } from '../domain/event.js';
import type { Channel } from '../domain/notification.js';
import { normaliseUid } from '../domain/uid.js';
import { GatewayError, type Fault } from '../platform/errors/gateway-error.js';
import type { DeviceTarget } from '../queue/jobs.js';
import type { SendRequestDto, TargetDto } from './send-request.dto.js';

/**
 * A send request in the form of a webhook's `data`, so that later stages treat both alike. Target and lifetime are
 * stored for a resend.
 */
type SendContent = (
  | (PushContent & { readonly to: PushContent['to'] & DeviceTarget })
  | (SmsContent & { readonly smsContent: string })
) & { readonly ttlSeconds?: number };

export interface SendRequest {
  readonly channel: Channel;
  readonly uid: string;
  readonly content: SendContent;
  readonly target: DeviceTarget | undefined;
  readonly ttlSeconds: number | undefined;
}

const ONLY_FOR = {
  push: ['title', 'body', 'data', 'tag', 'collapseId'],
  sms: ['text'],
} as const satisfies Record<Channel, readonly (keyof SendRequestDto)[]>;
/** Fields that `data` cannot set: `callAction` would make phones ring. */
const OWN_FIELDS = new Set(['type', 'title', 'body', 'tag', 'callAction']);

/** @throws GatewayError `REQUEST.INVALID_BODY` if fields contradict each other. */
export function readSendRequest(dto: SendRequestDto): SendRequest {
  const { channel, to } = dto;
  const faults = [...faultsOfRequest(dto), ...faultsOfTarget(to, 'to.')];
  if (faults.length > 0) throw invalid(faults);
  const uid = normaliseUid(to.uid) ?? to.uid;
  const target = targetOf(to);
  const ttlSeconds = dto.ttlSeconds ?? undefined;
  const lifetime = ttlSeconds === undefined ? {} : { ttlSeconds };
  const content: SendContent =
    channel === 'sms'
      ? {
          to: { uid, ...(isGiven(to.phno) ? { phno: to.phno } : {}) },
          smsContent: dto.text ?? '',
          ...lifetime,
        }
      : { to: { uid, ...target }, notificationDetails: detailsOf(dto), ...lifetime };
  return { channel, uid, content, target, ttlSeconds };
}

/** @throws GatewayError `REQUEST.INVALID_BODY` if it names more than one target. */
export function readTarget(dto: TargetDto): DeviceTarget | undefined {
  const faults = faultsOfTarget(dto, '');
  if (faults.length > 0) throw invalid(faults);
  return targetOf(dto);
}

/** Reads target and lifetime of a stored send request. */
export function readStoredRequest(content: string): Pick<SendRequest, 'target' | 'ttlSeconds'> {
  const { to, ttlSeconds } = JSON.parse(content) as { to: TargetDto; ttlSeconds?: number };
  return { target: targetOf(to), ttlSeconds };
}

export function invalid(errors: readonly Fault[]): GatewayError {
  return new GatewayError('REQUEST.INVALID_BODY', { errors });
}

function detailsOf({
  title,
  body,
  tag,
  collapseId,
  data,
}: SendRequestDto): PushContent['notificationDetails'] {
  const further = Object.entries(data ?? {}).filter(([key]) => !OWN_FIELDS.has(key));
  const own = { title, body, tag: tag ?? collapseId };
  return {
    ...Object.fromEntries(further),
    type: 'api',
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => isGiven(value))),
  };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function targetOf({ deviceId, sessionId, exceptSessionId }: TargetDto): DeviceTarget | undefined {
  if (isGiven(deviceId)) return { deviceId: deviceId.toLowerCase() };
  if (isGiven(sessionId)) return { sessionId };
  return isGiven(exceptSessionId) ? { exceptSessionId } : undefined;
}

function faultsOfRequest(dto: SendRequestDto): Fault[] {
  const { channel, to } = dto;
  const other = channel === 'push' ? 'sms' : 'push';
  const misplaced = ONLY_FOR[other]
    .filter((field) => isGiven(dto[field]))
    .map((path): Fault => ({ path, problem: `is for ${other} only` }));
  if (channel === 'sms') {
    if (!isGiven(dto.text)) misplaced.push({ path: 'text', problem: 'is required' });
    if (targetOf(to))
      misplaced.push({ path: 'to', problem: 'names a device or session, which is for push only' });
    return misplaced;
  }
  if (isGiven(to.phno)) misplaced.push({ path: 'to.phno', problem: 'is for sms only' });
  if (isGiven(dto.tag) && isGiven(dto.collapseId) && dto.tag !== dto.collapseId)
    misplaced.push({ path: 'collapseId', problem: 'is given beside tag: choose one' });
  if (!dto.title && !dto.body && Object.keys(dto.data ?? {}).length === 0)
    misplaced.push({ path: '', problem: 'needs a title, a body or data' });
  return misplaced;
}

function faultsOfTarget(target: TargetDto, at: string): Fault[] {
  const named = (['deviceId', 'sessionId', 'exceptSessionId'] as const).filter((name) =>
    isGiven(target[name]),
  );
  return named
    .slice(1)
    .map((name) => ({ path: at + name, problem: `is given beside ${named[0]}: choose one` }));
}
