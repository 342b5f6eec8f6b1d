/** A push as APNs received it. */
export interface ApnsPush {
  readonly token: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

type Objection = [status: number, reason: string];
type Json = Readonly<Record<string, unknown>>;

const LIMIT = 4_096;
const VOIP_LIMIT = 5_120;
/** 30 days plus an allowance for clock differences, in seconds. */
const LONGEST_S = 31 * 86_400;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PUSH_TYPES: ReadonlySet<string> = new Set(['alert', 'background', 'voip']);

/**
 * Validates a push. @returns the status and reason of APNs for the first fault.
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
export function objectionToPush({ token, headers, body }: ApnsPush, bundleId: string): Objection | undefined {
  if (token === '') return [400, 'MissingDeviceToken'];
  if (!/^([0-9a-f]{2}){4,100}$/i.test(token)) return [400, 'BadDeviceToken'];
  return objectionToHeaders(headers, bundleId) ?? objectionToBody(headers, body);
}

function objectionToHeaders(headers: ApnsPush['headers'], bundleId: string): Objection | undefined {
  const topic = headers['apns-topic'];
  const type = String(headers['apns-push-type']);
  if (topic === undefined) return [400, 'MissingTopic'];
  if (!PUSH_TYPES.has(type)) return [400, 'InvalidPushType'];
  if (topic !== bundleId && topic !== `${bundleId}.voip`) return [400, 'TopicDisallowed'];
  if ((topic === `${bundleId}.voip`) !== (type === 'voip')) return [400, 'BadTopic'];
  const id = headers['apns-id'];
  if (id !== undefined && !UUID.test(String(id))) return [400, 'BadMessageId'];
  const priority = headers['apns-priority'] ?? '10';
  if (!['10', '5', '1'].includes(String(priority))) return [400, 'BadPriority'];
  if (type === 'background' && priority !== '5') return [400, 'BadPriority'];
  const expiration = String(headers['apns-expiration'] ?? '0');
  const latest = Date.now() / 1_000 + LONGEST_S;
  if (!/^\d+$/.test(expiration) || Number(expiration) > latest) return [400, 'BadExpirationDate'];
  const collapseId = headers['apns-collapse-id'];
  if (collapseId !== undefined && !/^.{1,64}$/.test(String(collapseId))) return [400, 'BadCollapseId'];
  return undefined;
}

function objectionToBody(headers: ApnsPush['headers'], body: string): Objection | undefined {
  const type = headers['apns-push-type'];
  if (Buffer.byteLength(body) > (type === 'voip' ? VOIP_LIMIT : LIMIT)) return [413, 'PayloadTooLarge'];
  const payload = parse(body);
  const aps = payload?.['aps'];
  if (!isObject(aps)) return [400, 'PayloadEmpty'];
  // Apple accepts these but shows nothing or never delivers them, which is as bad for the sender as a refusal.
  if (type === 'alert' && aps['alert'] === undefined && aps['badge'] === undefined)
    return [400, 'PayloadEmpty'];
  const isSilent = ['alert', 'sound', 'badge'].every((key) => aps[key] === undefined);
  if (type === 'background' && !(isSilent && aps['content-available'] === 1)) return [400, 'InvalidPushType'];
  if (aps['badge'] !== undefined && !Number.isInteger(aps['badge'])) return [400, 'PayloadEmpty'];
  return undefined;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
