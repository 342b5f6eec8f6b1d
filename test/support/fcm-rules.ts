/** A violation that FCM reports: the field name and the description. */
export interface FcmObjection {
  readonly field: string;
  readonly description: string;
}

type Rule = (value: unknown, at: string) => FcmObjection | undefined;
type Json = Readonly<Record<string, unknown>>;

const LIMIT_BYTES = 4_096;
const FOUR_WEEKS_S = 2_419_200;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const must = (holds: boolean, field: string, description: string): FcmObjection | undefined =>
  holds ? undefined : { field, description };

const string: Rule = (value, at) =>
  must(typeof value === 'string', at, `Invalid value at '${at}' (TYPE_STRING), ${JSON.stringify(value)}`);
const bool: Rule = (value, at) =>
  must(typeof value === 'boolean', at, `Invalid value at '${at}' (TYPE_BOOL)`);
const int: Rule = (value, at) => must(Number.isInteger(value), at, `Invalid value at '${at}' (TYPE_INT32)`);
const struct: Rule = (value, at) => must(isObject(value), at, `Invalid value at '${at}' (Struct)`);
const strings: Rule = (value, at) =>
  must(
    Array.isArray(value) && value.every((each) => typeof each === 'string'),
    at,
    `Invalid value at '${at}'`,
  );
const oneOf =
  (...values: string[]): Rule =>
  (value, at) =>
    must(typeof value === 'string' && values.includes(value), at, `Invalid value at '${at}' (TYPE_ENUM)`);
const duration: Rule = (value, at) =>
  must(
    typeof value === 'string' && /^\d+(\.\d{1,9})?s$/.test(value) && Number.parseFloat(value) <= FOUR_WEEKS_S,
    at,
    `Invalid value at '${at}' (google.protobuf.Duration)`,
  );
const map: Rule = (value, at) => {
  if (!isObject(value)) return { field: at, description: `Invalid value at '${at}' (map)` };
  return Object.values(value)
    .map((each, i) => string(each, `${at}[${i}].value`))
    .find(Boolean);
};
const data: Rule = (value, at) => {
  const reserved =
    isObject(value) && Object.keys(value).find((key) => /^(from$|message_type$|google\.|gcm\.)/.test(key));
  return (
    map(value, at) ??
    (reserved ? { field: at, description: `Invalid data payload key: ${reserved}` } : undefined)
  );
};
/** A message with only these fields, each also accepted in snake_case as in protobuf's JSON mapping. */
const fields =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value, at) => {
    if (!isObject(value)) return { field: at, description: `Invalid value at '${at}'` };
    for (const [key, each] of Object.entries(value)) {
      const rule = rules[key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
      const unknown = `Invalid JSON payload received. Unknown name "${key}" at '${at}': Cannot find field.`;
      const objection = rule ? rule(each, `${at}.${key}`) : { field: at, description: unknown };
      if (objection) return objection;
    }
    return undefined;
  };

const androidNotification = fields({
  title: string,
  body: string,
  icon: string,
  color: string,
  sound: string,
  tag: string,
  clickAction: string,
  bodyLocKey: string,
  bodyLocArgs: strings,
  titleLocKey: string,
  titleLocArgs: strings,
  channelId: string,
  ticker: string,
  sticky: bool,
  eventTime: string,
  localOnly: bool,
  notificationPriority: oneOf(
    'PRIORITY_UNSPECIFIED',
    'PRIORITY_MIN',
    'PRIORITY_LOW',
    'PRIORITY_DEFAULT',
    'PRIORITY_HIGH',
    'PRIORITY_MAX',
  ),
  defaultSound: bool,
  defaultVibrateTimings: bool,
  defaultLightSettings: bool,
  vibrateTimings: strings,
  visibility: oneOf('VISIBILITY_UNSPECIFIED', 'PRIVATE', 'PUBLIC', 'SECRET'),
  notificationCount: int,
  lightSettings: struct,
  image: string,
  proxy: oneOf('PROXY_UNSPECIFIED', 'ALLOW', 'DENY', 'IF_PRIORITY_LOWERED'),
});

/** The `Message` of https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
const message = fields({
  name: string,
  data,
  notification: fields({ title: string, body: string, image: string }),
  android: fields({
    collapseKey: string,
    priority: oneOf('NORMAL', 'HIGH', 'normal', 'high'),
    ttl: duration,
    restrictedPackageName: string,
    data,
    notification: androidNotification,
    fcmOptions: fields({ analyticsLabel: string }),
    directBootOk: bool,
    bandwidthConstrainedOk: bool,
    restrictedSatelliteOk: bool,
  }),
  webpush: fields({
    headers: map,
    data,
    notification: struct,
    fcmOptions: fields({ link: string, analyticsLabel: string }),
  }),
  apns: fields({
    headers: map,
    payload: struct,
    fcmOptions: fields({ analyticsLabel: string, image: string }),
    liveActivityToken: string,
  }),
  fcmOptions: fields({ analyticsLabel: string }),
  token: string,
  topic: string,
  condition: string,
});

/** The first violation in the body of a `messages:send`; undefined: none. */
export function objectionTo(body: unknown): FcmObjection | undefined {
  const objection = fields({ validateOnly: bool, message })(body, 'request');
  if (objection) return { ...objection, field: objection.field.replace(/^request\./, '') };
  const sent = isObject(body) ? body['message'] : undefined;
  if (!isObject(sent)) return { field: 'message', description: 'Message is not set.' };
  const targets = ['token', 'topic', 'condition'].filter((key) => sent[key] !== undefined);
  if (targets.length !== 1) return { field: 'message', description: 'Recipient of the message is not set.' };
  const { topic: named } = sent;
  if (typeof named === 'string' && !/^[a-zA-Z0-9\-_.~%]{1,900}$/.test(named))
    return { field: 'message.topic', description: 'Invalid topic name' };
  if (sent['token'] === '') return { field: 'message.token', description: 'Invalid registration token' };
  const { android, apns } = sent;
  const size =
    sizeOf(sent['data']) + sizeOf(sent['notification']) + sizeOf(isObject(android) && android['data']);
  if (size > LIMIT_BYTES) return { field: 'message.data', description: 'Android message is too big' };
  const payload = isObject(apns) ? Buffer.byteLength(JSON.stringify(apns['payload'] ?? {})) : 0;
  return must(payload <= LIMIT_BYTES, 'message.apns.payload', 'APNs payload is too big');
}

/** Whether a `messages:send` only asks for validation. */
export function isValidateOnly(body: unknown): boolean {
  return isObject(body) && (body['validate_only'] === true || body['validateOnly'] === true);
}

/** Size of keys and values in bytes. */
function sizeOf(content: unknown): number {
  if (!isObject(content)) return 0;
  return Object.entries(content).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key + String(value)),
    0,
  );
}
