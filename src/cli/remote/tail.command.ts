import { normaliseUid } from '../../domain/uid.js';
import { EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { followEvents } from './event-reader.js';
import { GatewayClient } from './gateway-client.js';
import { notificationLine } from './story-text.js';
import type { NotificationJson, PageJson } from './types.js';

const PAGE = 100;
/** Written notifications that are remembered. */
const MAX_REMEMBERED = 10_000;
/** A notification may be planned, and thus listed, this much later than others that were received with it. */
const OVERLAP_MS = 30_000;

/** `bellhop tail`: notifications as they are planned, until it is interrupted. */
export const tail: Command = {
  name: 'tail',
  summary: 'Follow notifications as they come',
  example: 'bellhop tail --status failed',
  options: {
    app: { type: 'string', value: 'appId', description: 'only of this app' },
    status: { type: 'string', value: 'status', description: 'only those that reach this status' },
    channel: { type: 'string', value: 'push|sms', description: 'only this channel' },
    uid: { type: 'string', value: 'uid', description: 'only to this user' },
    since: { type: 'string', value: 'time', description: 'begins then; default: now' },
  },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output, signal } = input;
    const client = new GatewayClient(input);
    const uid = textOf(input, 'uid');
    const filter: Filter = {
      ...{ appId: textOf(input, 'app'), status: textOf(input, 'status') },
      ...{
        channel: textOf(input, 'channel'),
        uid: uid === undefined ? undefined : (normaliseUid(uid) ?? uid),
      },
    };
    const beginsAt = new Date(textOf(input, 'since') ?? Date.now());
    const from = textOf(input, 'since') ?? beginsAt.toISOString();
    // Refuses a wrong filter, which the stream does not know.
    await client.get('/v1/notifications', { ...filter, from, limit: '1' });
    const written = new Set<string>();
    const write = (notification: NotificationJson): void => {
      if (written.has(notification.id)) return;
      remember(written, notification.id);
      if (output.isJson) output.record(notification);
      else output.line(notificationLine(output, notification));
    };
    let latestMs = beginsAt.getTime();
    const events = followEvents(client, { topics: 'notifications', appId: filter.appId }, signal);
    for await (const { name, data } of events) {
      if (name === 'notification') {
        const notification = data as NotificationJson;
        const receivedMs = Date.parse(notification.receivedAt);
        latestMs = Math.max(latestMs, receivedMs);
        if (receivedMs >= beginsAt.getTime() && matches(notification, filter)) write(notification);
      } else if (name === 'begun') {
        for (const notification of await listSince(client, { ...filter, from })) write(notification);
      } else if (name === 'gap') {
        const lastSeen = new Date(Math.max(beginsAt.getTime(), latestMs - OVERLAP_MS)).toISOString();
        for (const notification of await listSince(client, { ...filter, from: lastSeen }))
          write(notification);
      }
    }
    return EXIT.interrupted;
  },
};

interface Filter {
  readonly appId: string | undefined;
  readonly status: string | undefined;
  readonly channel: string | undefined;
  readonly uid: string | undefined;
}

function matches({ status, channel, uid }: NotificationJson, filter: Filter): boolean {
  return (
    (filter.status ?? status) === status &&
    (filter.channel ?? channel) === channel &&
    (filter.uid ?? uid) === uid
  );
}

/** Forgets the first of too many. */
function remember(written: Set<string>, id: string): void {
  written.add(id);
  const [first] = written;
  if (written.size > MAX_REMEMBERED && first !== undefined) written.delete(first);
}

/** All notifications received since `from`, the oldest first. */
async function listSince(
  client: GatewayClient,
  query: Readonly<Record<string, string | undefined>>,
): Promise<NotificationJson[]> {
  const found: NotificationJson[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<PageJson<NotificationJson>>('/v1/notifications', {
      ...{ ...query, cursor, limit: String(PAGE) },
    });
    found.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found.toReversed();
}
