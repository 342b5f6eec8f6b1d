import type { ParseArgsConfig } from 'node:util';
import type { Output } from './output.js';

/** The exit codes of every command. */
export const EXIT = {
  fine: 0,
  /** The command ran, and found something bad. */
  bad: 1,
  wrongUsage: 2,
  unreachable: 3,
  refused: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a message on standard error. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** Input of a command. */
export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** The value in the help, such as `appId`. */
  readonly value?: string;
  readonly description: string;
}

export interface Command {
  /** One or two words: `why`, `config check`. */
  readonly name: string;
  readonly summary: string;
  /** Comes first in the help. */
  readonly example: string;
  /** Its positional arguments, such as `<uid|id|tag>`. */
  readonly operands?: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Speaks to a running gateway; otherwise it reads the configuration. */
  readonly isRemote: boolean;
  run(input: CommandInput): Promise<ExitCode>;
}

export const toParseOptions = (options: Command['options']): NonNullable<ParseArgsConfig['options']> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );

/** The text of an option; undefined if it is not given. */
export function textOf({ values }: CommandInput, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of an option that may be repeated, or hold several values with commas. */
export function textsOf({ values }: CommandInput, name: string): string[] {
  const given = values[name];
  const all = Array.isArray(given) ? given : [];
  return all.flatMap((value) => String(value).split(',')).filter((value) => value !== '');
}

/** @throws CommandFailed if there is not exactly one operand. */
export function onlyOperand({ positionals }: CommandInput, name: string): string {
  const [first, ...others] = positionals;
  if (first === undefined) throw new CommandFailed(EXIT.wrongUsage, `${name} is missing.`);
  if (others.length > 0) throw new CommandFailed(EXIT.wrongUsage, `Only one ${name} may be given.`);
  return first;
}
