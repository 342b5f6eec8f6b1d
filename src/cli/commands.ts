import type { Command } from './command.js';
import { devices } from './remote/devices.command.js';
import { exportUser } from './remote/export.command.js';
import { replay } from './remote/replay.command.js';
import { send } from './remote/send.command.js';
import { tail } from './remote/tail.command.js';
import { test } from './remote/test.command.js';
import { why } from './remote/why.command.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [why, tail, send, test, replay, devices, exportUser];
