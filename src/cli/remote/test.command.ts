import { EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { GatewayClient } from './gateway-client.js';
import { statusText, writeExplanation } from './story-text.js';
import type { ExplanationJson } from './types.js';

interface TestJson {
  readonly notificationId: string;
  readonly isSettled: boolean;
  readonly waitedMs: number;
  readonly deliveries: readonly {
    readonly kind: string | null;
    readonly provider: string | null;
    readonly address: string | null;
    readonly status: string;
    readonly vendorCode: string | null;
    readonly vendorText: string | null;
    readonly explanation: ExplanationJson;
  }[];
}

/** `bellhop test`: a test through the whole road, with the vendor's word for each device. */
export const test: Command = {
  name: 'test',
  summary: 'Send a test to a device, user or number and wait for the vendor',
  example: 'bellhop test --uid ann',
  options: {
    uid: { type: 'string', value: 'uid', description: 'all devices of this user' },
    device: { type: 'string', value: 'deviceId', description: 'this device' },
    number: { type: 'string', value: 'number', description: 'an SMS to this number' },
    kind: { type: 'string', value: 'chat|call|sms', description: 'default: chat, for a number sms' },
    app: { type: 'string', value: 'appId', description: 'needed with several apps' },
  },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output } = input;
    const phno = textOf(input, 'number');
    const kind = textOf(input, 'kind') ?? (phno === undefined ? 'chat' : 'sms');
    const { notificationId, ...answer } = await new GatewayClient(input).post<TestJson>('/v1/tests', {
      ...{
        kind,
        phno,
        appId: textOf(input, 'app'),
        uid: textOf(input, 'uid'),
        deviceId: textOf(input, 'device'),
      },
    });
    const { deliveries, isSettled, waitedMs } = answer;
    if (output.isJson) output.json({ notificationId, ...answer });
    else {
      for (const { kind: of, provider, address, status, explanation } of deliveries) {
        output.line(`${statusText(output, status)}  ${[of, provider, address].filter(Boolean).join(' ')}`);
        writeExplanation(output, explanation);
        output.line();
      }
      if (!isSettled)
        output.line(`No word of the vendor within ${waitedMs} ms: bellhop why ${notificationId}`);
    }
    const isFine = deliveries.some(({ status }) => status === 'sent' || status === 'delivered');
    return isFine && isSettled ? EXIT.fine : EXIT.bad;
  },
};
