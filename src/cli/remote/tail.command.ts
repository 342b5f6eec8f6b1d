import { EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { GatewayClient } from './gateway-client.js';
import { notificationLine } from './story-text.js';
import type { NotificationJson, PageJson } from './types.js';
import { pause } from './wait-for.js';

const LOOK_EVERY_MS = 1_000;
const PAGE = 100;
/** A notification may be planned, and thus listed, a little after later ones. */
const OVERLAP_MS = 30_000;
/** It may fail long after it was received, when its attempts are used up. */
const STATUS_OVERLAP_MS = 900_000;

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
    const beginsAt = textOf(input, 'since') ?? new Date().toISOString();
    const filter = {
      ...{ appId: textOf(input, 'app'), status: textOf(input, 'status') },
      ...{ channel: textOf(input, 'channel'), uid: textOf(input, 'uid') },
    };
    /** Written ones within the overlap, by their time. */
    const written = new Map<string, number>();
    const overlapMs = filter.status === undefined ? OVERLAP_MS : STATUS_OVERLAP_MS;
    let from = beginsAt;
    for (;;) {
      const found = await newSince(client, { ...filter, from });
      for (const notification of found.filter(({ id }) => !written.has(id))) {
        written.set(notification.id, Date.parse(notification.receivedAt));
        if (output.isJson) output.record(notification);
        else output.line(notificationLine(output, notification));
      }
      const overlap = Math.max(Date.parse(beginsAt), Math.max(0, ...written.values()) - overlapMs);
      from = new Date(overlap).toISOString();
      for (const [id, at] of written) if (at < overlap) written.delete(id);
      if (signal.aborted) return EXIT.interrupted;
      await pause(LOOK_EVERY_MS, signal);
    }
  },
};

/** All notifications received since `from`, the oldest first. */
async function newSince(
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
