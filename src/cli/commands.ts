import type { Command } from './command.js';
import { configCheck } from './local/config-check.command.js';
import { doctor } from './local/doctor.command.js';
import { importCommand } from './local/import.command.js';
import { migrate } from './local/migrate.command.js';
import { simulate } from './local/simulate.command.js';
import { why } from './remote/why.command.js';

const REMOTE: readonly Command[] = [why];
const LOCAL: readonly Command[] = [doctor, configCheck, importCommand, migrate, simulate];

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [...REMOTE, ...LOCAL];
