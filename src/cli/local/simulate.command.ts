import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CommandFailed, EXIT, type Command, type CommandInput, type ExitCode } from '../command.js';

const SIMULATOR = fileURLToPath(new URL('../../../tools/simulator/simulate.mjs', import.meta.url));

/** `bellhop simulate`: the simulator of CometChat, which is not part of the image. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'Send events to a running gateway as CometChat does (in a checkout only)',
  example: 'bellhop simulate -- --help',
  operands: '[-- options of the simulator]',
  options: {},
  isRemote: false,

  async run({ positionals, env, signal, output }: CommandInput): Promise<ExitCode> {
    if (output.isJson) throw new CommandFailed(EXIT.wrongUsage, 'The simulator has no --json.');
    if (!existsSync(SIMULATOR)) {
      throw new CommandFailed(
        EXIT.wrongUsage,
        'The simulator is not part of the image. Run `npm run simulate` in a checkout.',
      );
    }
    const child = spawn(process.execPath, [SIMULATOR, ...positionals], { env, stdio: 'inherit' });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop);
    const [code] = (await once(child, 'exit')) as [number | null];
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return EXIT.interrupted;
    return code === 0 ? EXIT.fine : EXIT.bad;
  },
};
