import { CommandFailed, EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';
import type { Output } from '../output.js';
import { readConfiguration } from './configuration.js';
import type { Finding } from './doctor/finding.js';

const COLOURS = { ok: 'green', warning: 'yellow', fault: 'red' } as const;
const WIDTH = 'warning'.length;

/** `bellhop doctor`: everything that must hold before the first message. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Check configuration, stores, disk, clock, hosts, accounts and CometChat; sends nothing',
  example: 'bellhop doctor',
  options: {
    app: { type: 'string', value: 'appId', description: 'only this app' },
    offline: { type: 'boolean', description: 'ask no host on the internet: no vendor and not CometChat' },
  },
  isRemote: false,

  async run(input: CommandInput): Promise<ExitCode> {
    const { env, output, signal, values } = input;
    const configuration = await readConfiguration(env);
    const appId = textOf(input, 'app');
    const isKnown = configuration.config.apps?.some((app) => app.appId === appId);
    if (appId !== undefined && configuration.faults.length === 0 && !isKnown)
      throw new CommandFailed(EXIT.wrongUsage, `${appId} is not a configured app.`);
    // Loads the code of all vendors and of the stores.
    const { examine } = await import('./doctor/examine.js');
    const findings: Finding[] = [];
    for await (const finding of examine({
      configuration,
      appId,
      isOffline: values['offline'] === true,
      signal,
    })) {
      if (signal.aborted) throw new CommandFailed(EXIT.interrupted, 'Interrupted.');
      findings.push(finding);
      if (!output.isJson) output.line(lineOf(output, finding));
    }
    const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
    const [faults, warnings] = [count('fault'), count('warning')];
    if (output.isJson) output.json({ faults, warnings, findings });
    else output.say(`${faults} fault(s), ${warnings} warning(s), ${count('ok')} fine.`);
    return faults > 0 ? EXIT.bad : EXIT.fine;
  },
};

function lineOf(output: Output, { level, subject, text, fix }: Finding): string {
  const remedy = fix === null ? '' : ` What to do: ${fix}`;
  return `${output.styled(COLOURS[level], level.padEnd(WIDTH))}  ${output.styled('bold', subject)}: ${text}${remedy}`;
}
