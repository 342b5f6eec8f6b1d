import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Everything that was started here and runs still. @type {Set<ChildProcess>} */
const running = new Set();
let isBrokenOff = false;

/** @template {ChildProcess} C @param {C} child @returns {C} */
function own(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** @param {ChildProcess} child */
export const hasEnded = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;

/**
 * Starts another program of Node's and lets its parent talk to it.
 *
 * @param {URL} file
 * @param {{ env?: Record<string, string>, execArgv?: string[] }} [options]
 */
export function startScript(file, { env = {}, execArgv = [] } = {}) {
  goOn();
  return own(fork(file, { env: { ...process.env, ...env }, execArgv }));
}

/** @param {string[]} args of Node @param {import('node:child_process').SpawnOptions} options */
export function startNode(args, options) {
  goOn();
  return own(spawn(process.execPath, args, options));
}

/**
 * What a child says next.
 *
 * @template T
 * @param {ChildProcess} child
 * @param {unknown} [question] to be put to it first
 * @returns {Promise<T>}
 * @throws {Error} where it ends instead
 */
export async function hear(child, question) {
  const listening = new AbortController();
  const { signal } = listening;
  if (hasEnded(child)) throw new Error(`A process has ended (${child.exitCode ?? child.signalCode}).`);
  const answer = once(child, 'message', { signal }).then(([message]) => /** @type {T} */ (message));
  const end = once(child, 'exit', { signal }).then(([code, by]) => {
    throw new Error(`A process has ended (${String(code ?? by)}).`);
  });
  // What is left of the two is called off below.
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
 * Ends a child: in order, or, where that takes too long, at once.
 *
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(impatience);
}

/** Ends all that was started, so that whoever waits for it fails, and ends what it has started itself. */
export function breakOff() {
  isBrokenOff = true;
  for (const child of running) child.kill('SIGKILL');
}

/** Asked by whatever goes on for long without a child. @throws {Error} when all is to end */
export function goOn() {
  if (isBrokenOff) throw new Error('Broken off.');
}
