import { CommandFailed, EXIT } from '../command.js';
import { pause } from './wait-for.js';
import type { GatewayClient } from './gateway-client.js';

/** A server-sent event. */
export interface GatewayEvent {
  readonly name: string;
  readonly data: unknown;
}

const RETRY_AFTER_MS = 1_000;
/** The gateway sends a comment every 15 s. */
const SILENT_MS = 45_000;

/**
 * Follows `GET /v1/events`, and connects again where it was interrupted, also to another process.
 *
 * Its first event is `begun`: every later change comes.
 *
 * @throws CommandFailed if the first connection fails, the gateway refuses another, or the user interrupts it.
 */
export async function* followEvents(
  client: GatewayClient,
  query: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): AsyncGenerator<GatewayEvent, never> {
  let lastId: string | undefined;
  for (;;) {
    try {
      const stream = await client.stream('/v1/events', query, lastId, SILENT_MS);
      for await (const { id, event } of blocksOf(stream)) {
        const hasBegun = lastId === undefined && id !== undefined;
        lastId = id ?? lastId;
        if (hasBegun) yield { name: 'begun', data: null };
        if (event) yield event;
      }
    } catch (error) {
      if (signal.aborted) throw new CommandFailed(EXIT.interrupted, 'Interrupted.');
      const isAway = !(error instanceof CommandFailed) || error.exitCode === EXIT.unreachable;
      if (lastId === undefined || !isAway) throw error;
    }
    await pause(RETRY_AFTER_MS, signal);
  }
}

interface Block {
  readonly id?: string | undefined;
  readonly event?: GatewayEvent;
}

async function* blocksOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Block, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield blockIn(block);
  }
}

/** The gateway writes one `data` line per event. */
function blockIn(text: string): Block {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const data = fields.get('data');
  const id = fields.get('id');
  if (data === undefined) return { id };
  return { id, event: { name: fields.get('event') ?? 'message', data: JSON.parse(data) as unknown } };
}
