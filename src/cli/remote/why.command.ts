import { EXIT, onlyOperand, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import type { Output } from '../output.js';
import { GatewayClient } from './gateway-client.js';
import { notificationLine, writeExplanation, writeStory } from './story-text.js';
import type { ExplanationJson, NotificationJson, SearchJson, StoryJson } from './types.js';

const ARRIVED = new Set(['sent', 'delivered']);
/** Older notifications that are listed below the story. */
const OTHERS = 5;

/** `bellhop why`: the story of the latest notification that a query finds. */
export const why: Command = {
  name: 'why',
  summary: 'Tell what became of a notification, why, and what to do',
  example: 'bellhop why ann',
  operands: '<uid | id | tag | number | token | call session>',
  options: { app: { type: 'string', value: 'appId', description: 'only in this app' } },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const query = onlyOperand(input, 'What to look for');
    const { output } = input;
    const client = new GatewayClient(input);
    const appId = textOf(input, 'app');
    const found = await client.get<SearchJson>('/v1/search', { q: query, appId, limit: String(OTHERS + 1) });
    const [latest, ...others] = found.data;
    if (!latest) return notFound(client, output, found, query, appId);
    const story = await client.get<StoryJson>(`/v1/notifications/${latest.id}`);
    if (output.isJson) output.json({ ...story, others });
    else write(output, story, others);
    return ARRIVED.has(story.status) ? EXIT.fine : EXIT.bad;
  },
};

function write(output: Output, story: StoryJson, others: readonly NotificationJson[]): void {
  writeStory(output, story);
  if (others.length === 0) return;
  output.line('\nEarlier:');
  for (const other of others) output.line(notificationLine(output, other));
}

interface LogsJson {
  readonly explanation: ExplanationJson;
  readonly logs: readonly {
    readonly at: string | null;
    readonly reason: string | null;
    readonly meaning: string | null;
  }[];
}

/** Asks CometChat, which keeps a log of its own. */
async function notFound(
  client: GatewayClient,
  output: Output,
  { recognised, users }: SearchJson,
  query: string,
  appId: string | undefined,
): Promise<ExitCode> {
  const about = recognised.includes('tag') ? { messageId: query } : { uid: users[0]?.uid ?? query };
  const asked = await client
    .get<LogsJson>('/v1/cometchat/logs', { appId: appId ?? users[0]?.appId, ...about })
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (output.isJson) {
    output.json({ recognised, users, cometchat: typeof asked === 'string' ? { problem: asked } : asked });
    return EXIT.bad;
  }
  output.line(`The gateway has no notification for ${query}.`);
  if (typeof asked === 'string') {
    output.line(asked);
    return EXIT.bad;
  }
  writeExplanation(output, asked.explanation);
  for (const { at, reason, meaning } of asked.logs)
    output.line(`${at ?? ''}  ${reason ?? ''}  ${meaning ?? ''}`);
  return EXIT.bad;
}
