import { execFileSync, spawnSync, type SpawnOptions } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';

const NOBODY = 65_534;

/** The operating-system user of the server. */
export interface ServerUser {
  wrap(command: string, args: string[]): [string, string[]];
  /** Gives the server ownership of a directory and its contents. */
  own(directory: string): void;
  readonly options: SpawnOptions;
}

/**
 * PostgreSQL refuses to run as root. As root, Bellhop runs it as `nobody`; if that user cannot access the program or the
 * data, in a user namespace that maps root to `nobody`.
 */
export function serverUser(program: string, directory: string): ServerUser {
  const asIs: ServerUser = {
    wrap: (command, args) => [command, args],
    own: () => undefined,
    options: {},
  };
  if (process.getuid?.() !== 0) return asIs;
  const own = (id: number) => (where: string) => void execFileSync('chown', ['-R', `${id}:${id}`, where]);
  const asNobody: ServerUser = { ...asIs, own: own(NOBODY), options: { uid: NOBODY, gid: NOBODY } };
  letPass(path.dirname(directory));
  if (canReach(program, directory)) return asNobody;
  const namespace = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (spawnSync('unshare', [...namespace, 'true']).status !== 0) return asNobody;
  return { ...asIs, own: own(0), wrap: (command, args) => ['unshare', [...namespace, command, ...args]] };
}

/** Lets other users traverse a directory without listing it. */
function letPass(directory: string): void {
  const { uid, mode } = statSync(directory);
  if (uid === 0 && (mode & 0o001) === 0) chmodSync(directory, (mode & 0o7777) | 0o001);
}

function canReach(program: string, directory: string): boolean {
  const nobody = { uid: NOBODY, gid: NOBODY, cwd: '/' };
  return (
    spawnSync(program, ['--version'], nobody).status === 0 &&
    spawnSync('test', ['-x', path.dirname(directory)], nobody).status === 0
  );
}
