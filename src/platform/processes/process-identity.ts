import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { codeOf } from '../errors/code-of.js';

/**
 * Identifies a process beyond the reuse of its pid: "pid start-time", or only the pid on systems without /proc. Empty
 * if the process is not running.
 */
export function identityOf(pid: number): string {
  try {
    // Field 22 of /proc/<pid>/stat is the start time; the name in field 2 may contain spaces, so count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return isAlive(pid) ? `${pid}` : '';
  }
}

/** Whether a process with this pid is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * The scope of a pid: one boot of one machine and one pid namespace. Processes that share a volume but not this scope
 * cannot see each other.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return os.hostname();
  }
}
