import {
  CommandFailed,
  EXIT,
  onlyOperand,
  textOf,
  type Command,
  type CommandInput,
  type ExitCode,
} from '../command.js';
import type { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { importKindOf } from '../../recipients/import/import-file.js';
import { readConfigurationFile } from './configuration.js';
import type { ImportEnd, ImportTask } from './import-into-database.js';
import { isUnreachable, messageOf } from './unreachable.js';

/** `bellhop import`: devices or contacts of a file, straight into the database. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Import devices (.ndjson) or contacts (.csv); may be repeated, and run beside the gateway',
  example: 'bellhop import devices.ndjson',
  operands: '<devices.ndjson | contacts.csv>',
  options: { app: { type: 'string', value: 'appId', description: 'app of rows that name none' } },
  isRemote: false,

  async run(input: CommandInput): Promise<ExitCode> {
    const file = onlyOperand(input, 'The file');
    const kind = importKindOf(file);
    if (!kind)
      throw new CommandFailed(EXIT.wrongUsage, 'The file must end in .ndjson (devices) or .csv (contacts).');
    const { output, signal } = input;
    const { settings, config } = readConfigurationFile(input.env);
    const { rows, bad, rate } = await importFrom(
      { file, kind, appId: textOf(input, 'app'), signal, output },
      settings,
      config,
    );
    const taken = rows - bad;
    const isComplete = !signal.aborted;
    if (output.isJson) output.json({ kind, rows, taken, bad, isComplete });
    else {
      const end = isComplete ? '' : '; stopped before the end, run it again';
      output.line(
        `${kind}: ${taken.toLocaleString('en')} taken, ${bad.toLocaleString('en')} bad (${rate})${end}`,
      );
    }
    if (!isComplete) return EXIT.interrupted;
    return bad > 0 ? EXIT.bad : EXIT.fine;
  },
};

async function importFrom(
  task: ImportTask,
  settings: ProcessSettings,
  config: GatewayConfig,
): Promise<ImportEnd> {
  // Loads Nest and Prisma.
  const { importIntoDatabase } = await import('./import-into-database.js');
  try {
    return await importIntoDatabase(task, settings, config);
  } catch (error) {
    const exitCode = isUnreachable(error) ? EXIT.unreachable : EXIT.bad;
    throw new CommandFailed(exitCode, `The import failed: ${messageOf(error)}`);
  }
}
