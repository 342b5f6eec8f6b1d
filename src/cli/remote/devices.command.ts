import { EXIT, onlyOperand, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { GatewayClient } from './gateway-client.js';

interface DeviceJson {
  readonly id: string;
  readonly platform: string;
  readonly kind: string;
  readonly providerId: string;
  readonly pushToken: string;
  readonly createdAt: string;
}

interface RetiredJson extends DeviceJson {
  readonly retiredAt: string;
  readonly retiredReason: string;
  readonly retiredCode: string | null;
}

interface UserJson {
  readonly appId: string;
  readonly devices: readonly DeviceJson[];
  readonly retiredDevices: readonly RetiredJson[];
}

/** `bellhop devices`: a user's devices, also retired ones; retires and restores one. */
export const devices: Command = {
  name: 'devices',
  summary: "List a user's devices; retire or restore one",
  example: "bellhop devices ann --retire 0190… --reason 'phone was stolen'",
  operands: '<uid>',
  options: {
    app: { type: 'string', value: 'appId', description: 'needed with several apps' },
    retire: { type: 'string', value: 'deviceId', description: 'sends nothing to it from now on' },
    restore: { type: 'string', value: 'deviceId', description: 'takes the retirement back' },
    reason: { type: 'string', value: 'text', description: 'is recorded' },
  },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output } = input;
    const path = `/v1/users/${encodeURIComponent(onlyOperand(input, 'The uid'))}`;
    const client = new GatewayClient(input);
    const appId = textOf(input, 'app');
    for (const change of ['retire', 'restore'] as const) {
      const id = textOf(input, change);
      if (id === undefined) continue;
      const query = appId === undefined ? '' : `?appId=${encodeURIComponent(appId)}`;
      const reason = textOf(input, 'reason') ?? 'by command line';
      await client.post(`${path}/devices/${encodeURIComponent(id)}/${change}${query}`, { reason });
    }
    const user = await client.get<UserJson>(path, { appId });
    if (output.isJson) {
      output.json({ devices: user.devices, retiredDevices: user.retiredDevices });
      return EXIT.fine;
    }
    if (user.devices.length === 0) output.line('No registered device.');
    for (const device of user.devices) output.line(`${lineOf(device)}  since ${device.createdAt}`);
    for (const device of user.retiredDevices) {
      const code = device.retiredCode === null ? '' : ` (${device.retiredCode})`;
      output.line(
        output.styled(
          'dim',
          `${lineOf(device)}  retired ${device.retiredAt}: ${device.retiredReason}${code}`,
        ),
      );
    }
    return EXIT.fine;
  },
};

const lineOf = ({ id, platform, kind, providerId, pushToken }: DeviceJson): string =>
  `${id}  ${platform} (${kind}, ${providerId})  ${pushToken}`;
