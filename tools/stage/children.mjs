import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Running child processes. @type {Set<ChildProcess>} */
const running = new Set();
let isAborted = false;

/** @template {ChildProcess} C @param {C} child @returns {C} */
function own(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** @param {ChildProcess} child */
export const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/**
 * Starts a Node.js program with an IPC channel.
 *
 * @param {URL} file
 * @param {{ env?: Record<string, string>, execArgv?: string[] }} [options]
 */
export function startScript(file, { env = {}, execArgv = [] } = {}) {
  goOn();
  return own(fork(file, { env: { ...process.env, ...env }, execArgv }));
}

/** @param {string[]} args of Node.js @param {import('node:child_process').SpawnOptions} options */
export function startNode(args, options) {
  goOn();
  return own(spawn(process.execPath, args, options));
}

/**
 * Waits for the next message of a child.
 *
 * @template T
 * @param {ChildProcess} child
 * @param {unknown} [question] sent to it first
 * @returns {Promise<T>}
 * @throws {Error} if it ends instead
 */
export async function hear(child, question) {
  const listening = new AbortController();
  const { signal } = listening;
  if (hasEnded(child)) throw new Error(`A process has ended (${child.exitCode ?? child.signalCode}).`);
  const answer = once(child, 'message', { signal }).then(([message]) => /** @type {T} */ (message));
  const end = once(child, 'exit', { signal }).then(([code, by]) => {
    throw new Error(`A process has ended (${String(code ?? by)}).`);
  });
  // The listener that lost the race is aborted below.
  answer.catch(() => undefined);
  end.catch(() => undefined);
  if (question !== undefined) child.send(/** @type {import('node:child_process').Serializable} */ (question));
  try {
    return await Promise.race([answer, end]);
  } finally {
    listening.abort();
  }
}

/**
 * Stops a child with SIGTERM, and with SIGKILL after 20 s.
 *
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(deadline);
}

/** Kills all children, so that every wait for them fails and each caller cleans up. */
export function breakOff() {
  isAborted = true;
  for (const child of running) child.kill('SIGKILL');
}

/** Called in long loops that wait for no child. @throws {Error} after `breakOff` */
export function goOn() {
  if (isAborted) throw new Error('Aborted.');
}
