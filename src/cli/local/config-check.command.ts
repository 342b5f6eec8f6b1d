import { stringify } from 'yaml';
import { EXIT, type Command, type CommandInput, type ExitCode } from '../command.js';
import { withoutUserinfo } from '../../platform/logging/without-userinfo.js';
import { effectiveSettings, readConfiguration } from './configuration.js';

/** `bellhop config check`: the faults of the configuration, or what is in effect. */
export const configCheck: Command = {
  name: 'config check',
  summary: 'Name every fault of environment and configuration file, or print what is in effect',
  example: 'bellhop config check',
  options: {},
  isRemote: false,

  async run({ env, output }: CommandInput): Promise<ExitCode> {
    const configuration = await readConfiguration(env);
    const faults = configuration.faults.map(({ path, problem }) => ({
      path,
      problem: withoutUserinfo(problem),
    }));
    const source = configuration.source ?? 'built-in demo configuration';
    const effective = faults.length === 0 ? effectiveSettings(configuration) : null;
    if (output.isJson) output.json({ source, faults, effective });
    else if (effective) output.line(stringify(JSON.parse(JSON.stringify(effective))).trimEnd());
    else for (const { path, problem } of faults) output.line(`${path || '(file)'} ${problem}`);
    output.say(
      effective ? `No fault in ${source}.` : `${faults.length} fault(s) in the environment and ${source}.`,
    );
    return effective ? EXIT.fine : EXIT.bad;
  },
};
