import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @returns {number[]} all processes of the machine */
const allPids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** @param {number} pid @returns {{ state: string, parent: number } | undefined} undefined: no such process */
function statOf(pid) {
  try {
    // After the name, which may contain anything.
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** @param {number} pid @returns {number | undefined} */
export const parentOf = (pid) => statOf(pid)?.parent;

/** @param {number} parent */
export const childrenOf = (parent) => allPids().filter((pid) => parentOf(pid) === parent);

/** @param {number} pid @returns {number[]} children, their children, and so on */
export const descendantsOf = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

/** @param {(args: string[]) => boolean} isOne @returns {number[]} processes with such a command line */
export const processesWith = (isOne) => allPids().filter((pid) => isOne(argumentsOf(pid)));

/** @param {number} pid */
function argumentsOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Kills processes and waits until none is left. @param {readonly number[]} pids */
export async function killAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile.
    }
  }
  while (pids.some((pid) => (statOf(pid)?.state ?? 'Z') !== 'Z')) await sleep(10);
}
