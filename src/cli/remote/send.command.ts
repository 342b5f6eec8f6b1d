import { CommandFailed, EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { GatewayClient } from './gateway-client.js';
import { writeStory } from './story-text.js';
import type { StoryJson } from './types.js';
import { waitFor } from './wait-for.js';

const WAIT_MS = 15_000;

interface AcceptedJson {
  readonly notificationId: string;
  readonly duplicate: boolean;
}

/** `bellhop send`: a push or an SMS of one's own, as the app's backend sends it. */
export const send: Command = {
  name: 'send',
  summary: 'Send a push or an SMS to a user (needs an API key)',
  example: "bellhop send --uid ann --title 'Your table is ready' --body 'Come in' --wait",
  options: {
    uid: { type: 'string', value: 'uid', description: 'the recipient' },
    device: { type: 'string', value: 'deviceId', description: 'only this device' },
    title: { type: 'string', value: 'text', description: 'title of a push' },
    body: { type: 'string', value: 'text', description: 'body of a push' },
    sms: { type: 'string', value: 'text', description: 'sends an SMS with this text instead' },
    to: { type: 'string', value: 'number', description: 'number for the SMS instead of that of the contact' },
    wait: { type: 'boolean', description: 'wait up to 15 s for the vendor, then tell the story' },
  },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output, signal, values } = input;
    const client = new GatewayClient(input);
    const accepted = await client.post<AcceptedJson>('/v1/notifications', requestIn(input));
    if (values['wait'] !== true) {
      if (output.isJson) output.json(accepted);
      else output.line(accepted.notificationId);
      return EXIT.fine;
    }
    const story = await waitFor(
      () => client.get<StoryJson>(`/v1/notifications/${accepted.notificationId}`),
      ({ settledAt }) => settledAt !== null,
      signal,
      WAIT_MS,
    );
    if (output.isJson) output.json(story);
    else writeStory(output, story);
    return story.status === 'sent' || story.status === 'delivered' ? EXIT.fine : EXIT.bad;
  },
};

function requestIn(input: CommandInput): object {
  const uid = textOf(input, 'uid');
  if (uid === undefined) throw new CommandFailed(EXIT.wrongUsage, '--uid is missing.');
  const [text, title, body] = [textOf(input, 'sms'), textOf(input, 'title'), textOf(input, 'body')];
  if (text !== undefined) {
    if (title !== undefined || body !== undefined)
      throw new CommandFailed(EXIT.wrongUsage, '--sms goes without --title and --body.');
    return { channel: 'sms', to: { uid, phno: textOf(input, 'to') }, text };
  }
  if (title === undefined && body === undefined)
    throw new CommandFailed(EXIT.wrongUsage, 'Give --title or --body, or --sms.');
  return { channel: 'push', to: { uid, deviceId: textOf(input, 'device') }, title, body };
}
