import type { Command } from './command.js';
import { REMOTE_VARIABLES } from './remote/gateway-client.js';

const COMMON = `  --json       data as JSON on standard output
  --no-color   no colours; also with NO_COLOR
  -h, --help`;

const EXIT_CODES = `Exit codes: 0 fine, 1 checked and bad, 2 wrong usage, 3 unreachable, 4 refused credentials, 130 interrupted.`;

/** All commands. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = (isRemote: boolean): string =>
    commands
      .filter((command) => command.isRemote === isRemote)
      .map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`)
      .join('\n');
  return `Usage: bellhop <command> [options]

  bellhop why ann

With a running gateway:
${list(true)}

With the configuration, as the gateway reads it:
${list(false)}

Variables of the first:
${REMOTE_VARIABLES}

${EXIT_CODES}
\`bellhop <command> --help\` describes a command.`;
}

export function commandHelp({ name, summary, example, operands, options, isRemote }: Command): string {
  const lines = Object.entries(options).map(
    ([option, { value, description }]) =>
      [`  --${option}${value === undefined ? '' : ` <${value}>`}`, description] as const,
  );
  const width = Math.max(12, ...lines.map(([left]) => left.length));
  const described = lines.map(([left, right]) => `${left.padEnd(width)}   ${right}`);
  return `${summary}

  ${example}

Usage: bellhop ${[name, operands, '[options]'].filter(Boolean).join(' ')}

${[...described, COMMON].join('\n')}
${isRemote ? `\nVariables:\n${REMOTE_VARIABLES}\n` : ''}
${EXIT_CODES}`;
}
