import type { Command } from './command.js';
import { why } from './remote/why.command.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [why];
