import { spawn } from 'node:child_process';
import { once } from 'node:events';

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM']);

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End */

/**
 * Runs a Node.js program in this terminal and forwards SIGINT and SIGTERM to it.
 *
 * @param {readonly string[]} args of Node.js
 * @param {NodeJS.ProcessEnv} env its environment
 * @returns {Promise<End>} `signal` is also set if the program received a signal but exited by itself
 */
export async function runToEnd(args, env = process.env) {
  /** @type {NodeJS.Signals | null} */
  let received = null;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    received = signal;
    child.kill(signal);
  };
  // Before the start, so that no signal ends this process and leaves the child behind.
  for (const signal of FORWARDED) process.on(signal, forward);
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  try {
    const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'exit'));
    return { code, signal: received ?? signal };
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
