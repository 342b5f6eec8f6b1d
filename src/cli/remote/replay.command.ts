import {
  CommandFailed,
  EXIT,
  textOf,
  textsOf,
  type Command,
  type CommandInput,
  type ExitCode,
} from '../command.js';
import { confirm } from '../confirm.js';
import type { Output } from '../output.js';
import { GatewayClient } from './gateway-client.js';
import { waitFor } from './wait-for.js';

interface PreviewJson {
  readonly notifications: number;
  readonly deliveries: number;
  readonly byReason: readonly { readonly reason: string; readonly deliveries: number }[];
  readonly leftOut: readonly { readonly why: string; readonly notifications: number }[];
  readonly sms: {
    readonly messages: number;
    readonly segments: number;
    readonly cost: readonly { readonly amount: string; readonly currency: string }[];
  };
}

interface ReplayJson {
  readonly id: string;
  readonly state: string;
  readonly sent: number;
  readonly endedAt: string | null;
  readonly results?: readonly { readonly status: string; readonly notifications: number }[];
}

const NUMBER = /^\d{1,4}$/;

/** `bellhop replay`: sends again what a filter finds, after showing what that is. */
export const replay: Command = {
  name: 'replay',
  summary: 'Send again what failed, for example while a vendor was down',
  example: 'bellhop replay --from 2026-01-02T10:00:00Z --to 2026-01-02T10:40:00Z --dry-run',
  options: {
    from: { type: 'string', value: 'time', description: 'received at or after this time (ISO 8601)' },
    to: { type: 'string', value: 'time', description: 'received before this time; default: now' },
    reason: {
      type: 'string',
      multiple: true,
      value: 'reason,…',
      description: 'default: failures of the vendor',
    },
    provider: { type: 'string', multiple: true, value: 'id,…', description: 'only of these providers' },
    status: { type: 'string', multiple: true, value: 'status,…', description: 'default: failed,expired' },
    channel: { type: 'string', value: 'push|sms', description: 'only this channel' },
    uid: { type: 'string', value: 'uid', description: 'only this user' },
    app: { type: 'string', value: 'appId', description: 'needed with several apps' },
    'per-second': { type: 'string', value: 'n', description: 'notifications per second; default: 20' },
    'dry-run': { type: 'boolean', description: 'show what it would send, and send nothing' },
    yes: { type: 'boolean', description: 'do not ask' },
  },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output, values, signal } = input;
    const client = new GatewayClient(input);
    const request = { filter: filterIn(input), perSecond: rateIn(input) };
    const preview = await client.post<PreviewJson>('/v1/replays', { ...request, dryRun: true });
    const isDry = values['dry-run'] === true;
    if (output.isJson && isDry) output.json(preview);
    else showPreview(output, preview, isDry);
    if (isDry || preview.notifications === 0) return EXIT.fine;
    if (values['yes'] !== true) await confirm('Send them again?', 'Nothing was sent.', signal);
    const created = await client.post<ReplayJson>('/v1/replays', { ...request, dryRun: false });
    output.say(`Replay ${created.id} runs; interrupting this command does not stop it.`);
    let shown = -1;
    const ended = await waitFor(
      () => client.get<ReplayJson>(`/v1/replays/${created.id}`),
      ({ sent, endedAt }) => {
        if (sent !== shown) output.say(`${sent} of ${preview.notifications} sent`);
        shown = sent;
        return endedAt !== null;
      },
      signal,
    );
    if (output.isJson) output.json(ended);
    else output.line(`${ended.state}: ${ended.sent} sent${resultsOf(ended)}`);
    return ended.state === 'done' ? EXIT.fine : EXIT.bad;
  },
};

function filterIn(input: CommandInput): object {
  const from = textOf(input, 'from');
  if (from === undefined) throw new CommandFailed(EXIT.wrongUsage, '--from is missing.');
  const several = (name: string): string[] | undefined => {
    const values = textsOf(input, name);
    return values.length === 0 ? undefined : values;
  };
  return {
    from,
    ...{ to: textOf(input, 'to'), channel: textOf(input, 'channel'), uid: textOf(input, 'uid') },
    ...{ appId: textOf(input, 'app'), reasons: several('reason') },
    ...{ providers: several('provider'), status: several('status') },
  };
}

function rateIn(input: CommandInput): number | undefined {
  const text = textOf(input, 'per-second');
  if (text !== undefined && !NUMBER.test(text))
    throw new CommandFailed(EXIT.wrongUsage, '--per-second is no number.');
  return text === undefined ? undefined : Number(text);
}

function showPreview(output: Output, preview: PreviewJson, isDry: boolean): void {
  const { notifications, deliveries, byReason, leftOut, sms } = preview;
  const write = (text: string): void => (isDry && !output.isJson ? output.line(text) : output.say(text));
  write(`${notifications} notifications with ${deliveries} deliveries:`);
  for (const { reason, deliveries: count } of byReason) write(`  ${String(count).padStart(6)}  ${reason}`);
  if (leftOut.length > 0) write('Left out:');
  for (const { why, notifications: count } of leftOut) write(`  ${String(count).padStart(6)}  ${why}`);
  const cost = sms.cost.map(({ amount, currency }) => `${amount} ${currency}`).join(' + ');
  if (sms.messages > 0)
    write(`SMS: ${sms.messages}, ${sms.segments} segments${cost === '' ? '' : `, about ${cost}`}`);
}

const resultsOf = ({ results = [] }: ReplayJson): string =>
  results.map(({ status, notifications }) => `, ${notifications} ${status}`).join('');
