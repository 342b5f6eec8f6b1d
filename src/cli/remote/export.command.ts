import { EXIT, onlyOperand, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import { GatewayClient } from './gateway-client.js';

/** `bellhop export`: everything that the gateway holds about a user, as JSON. */
export const exportUser: Command = {
  name: 'export',
  summary: 'Write everything about a user as JSON',
  example: 'bellhop export ann > ann.json',
  operands: '<uid>',
  options: { app: { type: 'string', value: 'appId', description: 'needed with several apps' } },
  isRemote: true,

  async run(input: CommandInput): Promise<ExitCode> {
    const path = `/v1/users/${encodeURIComponent(onlyOperand(input, 'The uid'))}/export`;
    input.output.json(await new GatewayClient(input).get<unknown>(path, { appId: textOf(input, 'app') }));
    return EXIT.fine;
  },
};
