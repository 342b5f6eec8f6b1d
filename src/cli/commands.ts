import type { Command } from './command.js';
import { configCheck } from './local/config-check.command.js';
import { connect } from './local/connect.command.js';
import { doctor } from './local/doctor.command.js';
import { importCommand } from './local/import.command.js';
import { init } from './local/init.command.js';
import { migrate } from './local/migrate.command.js';
import { simulate } from './local/simulate.command.js';
import { devices } from './remote/devices.command.js';
import { exportUser } from './remote/export.command.js';
import { replay } from './remote/replay.command.js';
import { send } from './remote/send.command.js';
import { tail } from './remote/tail.command.js';
import { test } from './remote/test.command.js';
import { why } from './remote/why.command.js';

const REMOTE: readonly Command[] = [why, tail, send, test, replay, devices, exportUser];
const LOCAL: readonly Command[] = [init, doctor, connect, configCheck, importCommand, migrate, simulate];

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [...REMOTE, ...LOCAL];
