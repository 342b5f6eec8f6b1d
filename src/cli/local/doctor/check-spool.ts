import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { DEAD_LETTER, isSegment } from '../../../queue/spool/spool-directory.js';
import { messageOf } from '../unreachable.js';
import { ok, warning, fault, type Finding, type Patient } from './finding.js';

const SUBJECT = 'spool';
const MB = 1_000_000;

/** Free space and leftovers of the spool's disk. Whether it is writable belongs to the configuration. */
export async function checkSpool({ settings }: Pick<Patient, 'settings'>): Promise<Finding[]> {
  const { role, spoolDir, spoolMaxMb } = settings;
  if (role === 'worker') return [];
  if (spoolMaxMb === 0)
    return [ok(SUBJECT, 'It is off: without the queue’s store, webhooks are answered 503.')];
  try {
    const { bavail, bsize } = await statfs(spoolDir);
    const leftovers = await leftoversOf(spoolDir);
    return [...spaceOf(Math.floor((bavail * bsize) / MB), spoolMaxMb), ...leftovers];
  } catch (error) {
    const text = `${path.resolve(spoolDir)} cannot be read (${messageOf(error)}).`;
    return [fault(SUBJECT, text, 'Set SPOOL_DIR to a writable directory on a persistent disk.')];
  }
}

function spaceOf(freeMb: number, neededMb: number): Finding[] {
  if (freeMb >= neededMb) return [ok(SUBJECT, `${freeMb.toLocaleString('en')} MB are free.`)];
  const text = `${freeMb.toLocaleString('en')} MB are free, less than SPOOL_MAX_MB (${neededMb.toLocaleString('en')}): an outage of the queue’s store may end in 503.`;
  return [warning(SUBJECT, text, 'Free space on the disk, or lower SPOOL_MAX_MB.')];
}

/** Files of events that wait for the queue, or that no gateway could read. */
async function leftoversOf(directory: string): Promise<Finding[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const segments = entries.filter((entry) => entry.isFile() && isSegment(entry.name));
  const sizes = await Promise.all(
    segments.map(async ({ parentPath, name }) => {
      const { size } = await stat(path.join(parentPath, name)).catch(() => ({ size: 0 }));
      return { size, isDead: path.basename(parentPath) === DEAD_LETTER };
    }),
  );
  const dead = sizes.filter(({ isDead }) => isDead).length;
  const waiting = sizes.filter(({ isDead, size }) => !isDead && size > 0).length;
  return [
    ...(dead > 0 ? [deadLettered(dead, path.join(directory, DEAD_LETTER))] : []),
    ...(waiting > 0 ? [leftOver(waiting)] : []),
  ];
}

const deadLettered = (count: number, at: string): Finding =>
  fault(
    `${SUBJECT} leftovers`,
    `${count} file(s) in ${path.resolve(at)} could not be read: their webhooks were not delivered.`,
    'Look for `spool.` in the log, keep the files for an analysis, then remove them.',
  );

const leftOver = (count: number): Finding =>
  warning(
    `${SUBJECT} leftovers`,
    `${count} file(s) hold webhooks that wait for the queue.`,
    'Start the gateway on this SPOOL_DIR; it delivers them as soon as the queue’s store is there.',
  );
