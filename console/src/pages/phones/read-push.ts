/** A push as a device gets it, in whichever format of its vendor. */
export interface Push {
  /** The flat fields of the event, which CometChat's apps read. */
  readonly fields: Readonly<Record<string, string>>;
  /** The notification that the system shows by itself; undefined: the app gets the fields and decides. */
  readonly shown: { readonly title: string; readonly body: string } | undefined;
  /** A later push with the same key replaces this one on the screen; empty: none does. */
  readonly replaceKey: string;
  /** The number on the app's icon, if the push sets it. */
  readonly badge: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** @param message of the sandbox, in the format of FCM, APNs, Web Push, Expo or HMS */
export function readPush(message: unknown): Push {
  const payload = objectOf(message);
  const { aps, apns, android, webpush, data, headers } = payload;
  if (aps !== undefined) return applePush(stringsOf(payload), objectOf(aps), objectOf(headers));
  const fields = typeof data === 'string' ? stringsOf(parsed(data)) : stringsOf(objectOf(data));
  if (apns !== undefined) {
    const relayed = objectOf(apns);
    return applePush(fields, objectOf(objectOf(relayed['payload'])['aps']), objectOf(relayed['headers']));
  }
  if (android !== undefined) return shownBy(fields, objectOf(android)['notification']);
  if (webpush !== undefined) return shownBy(fields, objectOf(webpush)['notification']);
  // Web Push names its time to live in a header, Expo its end in the message.
  if ('expiration' in payload) return expoPush(fields, payload);
  return shownBy(fields, payload['notification']);
}

function applePush(fields: Push['fields'], aps: Json, headers: Json): Push {
  const alert = aps['alert'] === undefined ? undefined : objectOf(aps['alert']);
  const { badge } = aps;
  return {
    fields,
    shown: alert && { title: textOf(alert['title']), body: textOf(alert['body']) },
    replaceKey: textOf(headers['apns-collapse-id']),
    badge: typeof badge === 'number' ? badge : undefined,
  };
}

function expoPush(fields: Push['fields'], { title, body, badge }: Json): Push {
  const isShown = title !== undefined || body !== undefined;
  return {
    fields,
    shown: isShown ? { title: textOf(title), body: textOf(body) } : undefined,
    replaceKey: '',
    badge: typeof badge === 'number' ? badge : undefined,
  };
}

/** @param notification the block that the system shows; undefined: a push of data alone */
function shownBy(fields: Push['fields'], notification: unknown): Push {
  const block = notification === undefined ? undefined : objectOf(notification);
  return {
    fields,
    shown: block && { title: textOf(block['title']), body: textOf(block['body']) },
    replaceKey: textOf(block?.['tag']) || (fields['tag'] ?? ''),
    badge: undefined,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

const stringsOf = (object: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
