import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../platform/errors/code-of.js';
import { identityOf, processSpace } from '../../platform/processes/process-identity.js';

const OWNER = 'owner';
const RELEASED = 'released';
/** Names on disk, shared with other versions. */
const TAKEN_OVER = 'adopted-';
export const DEAD_LETTER = 'set-aside';
/** A process without a heartbeat for this long counts as dead. */
const LEASE_MS = 15_000;

export const isSegment = (name: string): boolean => name.endsWith('.seg');

/**
 * The directory of one process within the spool, which takes over the directories of dead processes.
 *
 * A takeover renames the directory into the process's own: of two attempts, one succeeds. An owner is dead if its
 * process id is free or belongs to another process; where ids cannot be looked up, as across containers, if it has not
 * touched its file for the duration of a lease by the observer's clock. Nothing is lost if the owner is alive after all
 * (suspended or stuck): a writer checks that its directory still exists before it acknowledges an event, and a
 * takeover reads the directory only after the rename.
 */
export class SpoolDirectory {
  /** Last heartbeat of each other process: the time on its file, and our time when it was first seen. */
  private readonly seen = new Map<string, { readonly heartbeat: number; readonly at: number }>();

  private constructor(
    private readonly root: string,
    /** Unique name of this process. */
    readonly id: string,
    private readonly leaseMs: number,
  ) {}

  static async create(root: string, leaseMs = LEASE_MS): Promise<SpoolDirectory> {
    const home = new SpoolDirectory(root, randomBytes(8).toString('hex'), leaseMs);
    await mkdir(home.directory, { recursive: true, mode: 0o700 });
    await writeFile(home.owner, `${processSpace()}\n${identityOf(process.pid)}`, { mode: 0o600 });
    return home;
  }

  get directory(): string {
    return path.join(this.root, this.id);
  }

  /** Marks this process as alive. @returns false if another process took over its directory. */
  async heartbeat(): Promise<boolean> {
    const now = new Date();
    try {
      await utimes(this.owner, now, now);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Takes over the segments of dead processes. @returns their names. */
  async takeOver(): Promise<string[]> {
    const others = (await directoriesIn(this.root)).filter(
      (name) => name !== this.id && name !== DEAD_LETTER,
    );
    for (const gone of [...this.seen.keys()].filter((name) => !others.includes(name))) this.seen.delete(gone);
    for (const name of others) {
      if (!(await this.isOrphan(name))) continue;
      await unlessGone(rename(path.join(this.root, name), path.join(this.directory, TAKEN_OVER + name)));
    }
    const takenOver = (await directoriesIn(this.directory)).filter((name) => name.startsWith(TAKEN_OVER));
    const segments: string[] = [];
    for (const name of takenOver) segments.push(...(await this.empty(path.join(this.directory, name))));
    return segments;
  }

  /** Moves a segment aside for an operator. @returns its new path. */
  async deadLetter(file: string): Promise<string> {
    const directory = path.join(this.root, DEAD_LETTER);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const target = path.join(directory, path.basename(file));
    await rename(file, target);
    return target;
  }

  /** Releases the directory to the next process, or removes it if empty. */
  async release(): Promise<void> {
    const left = await readdir(this.directory).catch(() => [OWNER]);
    if (left.every((name) => name === OWNER)) await rm(this.directory, { recursive: true, force: true });
    else await writeFile(this.owner, RELEASED, { flag: 'r+' }).catch(() => undefined);
  }

  private get owner(): string {
    return path.join(this.directory, OWNER);
  }

  private async isOrphan(name: string): Promise<boolean> {
    const file = path.join(this.root, name, OWNER);
    // A missing file counts as heartbeat 0: its owner may be about to write it.
    const heartbeat = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
    const [owner = '', ...rest] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    if (owner.startsWith(RELEASED)) return true;
    const identity = rest.join('\n');
    if (owner === processSpace() && identity !== '' && identityOf(Number.parseInt(identity, 10)) !== identity)
      return true;
    const now = performance.now();
    const known = this.seen.get(name);
    if (known?.heartbeat === heartbeat) return now - known.at >= this.leaseMs;
    this.seen.set(name, { heartbeat, at: now });
    return false;
  }

  /** Moves all segments of a directory that was taken over, nested ones included, into our own. */
  private async empty(directory: string): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const segments = entries.filter((entry) => entry.isFile() && isSegment(entry.name));
    for (const { parentPath, name } of segments)
      await rename(path.join(parentPath, name), path.join(this.directory, name));
    await rm(directory, { recursive: true, force: true });
    return segments.map(({ name }) => name);
  }
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function unlessGone(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}
