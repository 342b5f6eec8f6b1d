import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { codeOf } from '../errors/code-of.js';

/**
 * What tells a process from every later one of the same number: "pid start-time"; where the system does not tell
 * start times (no /proc), the bare pid of a living process. Empty where no such process runs.
 */
export function identityOf(pid: number): string {
  try {
    // Field 22 of /proc/<pid>/stat is the start time; the name in field 2 may hold spaces, so count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return isAlive(pid) ? `${pid}` : '';
  }
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Where a process number means something: one start of one machine and, of its containers, one. Processes that share
 * a volume but not this cannot see each other.
 */
export function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return os.hostname();
  }
}
