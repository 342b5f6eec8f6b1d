import { parseArgs } from 'node:util';
import { COMMANDS } from './commands.js';
import { CommandFailed, EXIT, toParseOptions, type Command, type ExitCode } from './command.js';
import { commandHelp, overview } from './help.js';
import { Output, type Streams } from './output.js';

/** The surroundings of a command. */
export interface Surroundings extends Streams {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const COMMON = {
  json: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs the command that the arguments name. @returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  { env, signal, ...streams }: Surroundings,
): Promise<ExitCode> {
  const plain = new Output(streams, env, args.includes('--json'), !args.includes('--no-color'));
  const command = commandIn(args);
  if (!command) {
    const isHelp = args.length === 0 || ['--help', '-h', 'help'].includes(args[0] ?? '');
    if (isHelp) plain.line(overview(COMMANDS));
    else plain.say(`There is no command ${args[0] ?? ''}.\n\n${overview(COMMANDS)}`);
    return isHelp ? EXIT.fine : EXIT.wrongUsage;
  }
  try {
    const { values, positionals } = parse(command, args);
    if (values['help'] === true) {
      plain.line(commandHelp(command));
      return EXIT.fine;
    }
    return await command.run({ values, positionals, env, signal, output: plain });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (!(error instanceof CommandFailed)) throw error;
    plain.say(error.message);
    if (error.exitCode === EXIT.wrongUsage) plain.say(`See \`bellhop ${command.name} --help\`.`);
    return error.exitCode;
  }
}

/** Names of two words come first. */
function commandIn([first = '', second = '']: readonly string[]): Command | undefined {
  return (
    COMMANDS.find(({ name }) => name === `${first} ${second}`) ?? COMMANDS.find(({ name }) => name === first)
  );
}

function parse(
  command: Command,
  args: readonly string[],
): Pick<Parameters<Command['run']>[0], 'values' | 'positionals'> {
  try {
    return parseArgs({
      args: args.slice(command.name.split(' ').length),
      options: { ...toParseOptions(command.options), ...COMMON },
      allowPositionals: command.operands !== undefined,
      allowNegative: false,
    });
  } catch (error) {
    throw new CommandFailed(EXIT.wrongUsage, messageOf(error));
  }
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'Wrong usage.';
