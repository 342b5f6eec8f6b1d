import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../platform/errors/code-of.js';
import { identityOf, processSpace } from '../../platform/processes/process-identity.js';

const OWNER = 'owner';
const RELEASED = 'released';
const TAKEN_OVER = 'adopted-';
/** Beside the processes' directories: what could not be read or stored. */
const DEAD_LETTER = 'set-aside';
/** A process that has not shown itself for this long, in milliseconds, is taken for dead. */
const LEASE_MS = 15_000;

export const isSegment = (name: string): boolean => name.endsWith('.seg');

/**
 * The directory of one process within the spool, and how it takes over those of processes that have died.
 *
 * A directory is taken over by renaming it into one's own: of two that try, one succeeds. Its owner is known to be
 * dead where its number can be looked up and means another process now; where it cannot, as across containers, when
 * it has not touched its file for the time of a lease, by the watcher's own clock. Should it be alive after all
 * (stopped, or stuck), nothing is lost: whoever appends looks whether its directory is still there before it promises
 * anything, and whoever takes a directory over reads it after the rename.
 */
export class SpoolDirectory {
  /** When each other process was last seen to show itself: the time on its file, and ours when that was new. */
  private readonly seen = new Map<string, { readonly heartbeat: number; readonly at: number }>();

  private constructor(
    private readonly root: string,
    /** Names this process and no other. */
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

  /** Shows that this process is alive. @returns false where another has taken it for dead and its directory over. */
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

  /** Takes over what dead processes have left. @returns the segments that it got, by their names. */
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

  /** Moves a segment out of the way, for a person to look at. @returns where to. */
  async deadLetter(file: string): Promise<string> {
    const directory = path.join(this.root, DEAD_LETTER);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const target = path.join(directory, path.basename(file));
    await rename(file, target);
    return target;
  }

  /** Leaves the directory to whoever comes next, or removes it where nothing is in it. */
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
    // Its maker may be about to write the file: then it is the directory that does not change.
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

  /** Moves the segments of a directory that was taken over, and of those that it had taken over, up into our own. */
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
