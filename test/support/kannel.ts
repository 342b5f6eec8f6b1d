import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Smsc } from './smsc.js';
import { until } from './until.js';

/** Kannel (Debian package `kannel`), bound to an SMS centre. */
export interface Kannel {
  /** URL of Kannel's HTTP interface for outgoing SMS. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  close(): Promise<void>;
}

export interface KannelOptions {
  readonly smsc: Smsc;
  /** URL called for each inbound SMS, with Kannel's escapes such as `%a`. */
  readonly inboundUrl: string;
}

/** Path of a Kannel program; undefined if it is not installed. Debian installs them in `/usr/sbin`. */
export function kannelProgram(name: 'bearerbox' | 'smsbox'): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'];
  return directories.map((directory) => path.join(directory, name)).find((file) => existsSync(file));
}

const GRACE_MS = 5_000;

/** Starts Kannel's two processes, and waits until an SMS passes through both. */
export async function startKannel({ smsc, inboundUrl }: KannelOptions): Promise<Kannel> {
  const [bearerbox, smsbox] = [kannelProgram('bearerbox'), kannelProgram('smsbox')];
  if (bearerbox === undefined || smsbox === undefined) throw new Error('Kannel is not installed.');
  const [adminPort, boxPort, sendPort] = [await freePort(), await freePort(), await freePort()];
  const username = 'bellhop';
  const password = 'kannel-test-pw';
  const directory = await mkdtemp(path.join(tmpdir(), 'bellhop-kannel-'));
  const file = path.join(directory, 'kannel.conf');
  const groups = [
    {
      ...{ group: 'core', 'admin-port': adminPort, 'admin-password': password, 'smsbox-port': boxPort },
      ...{ 'admin-interface': '127.0.0.1', 'box-deny-ip': '*.*.*.*', 'box-allow-ip': '127.0.0.1' },
      ...{ 'dlr-storage': 'internal' },
    },
    {
      ...{ group: 'smsc', smsc: 'smpp', 'smsc-id': 'centre', host: '127.0.0.1', port: smsc.port },
      ...{ 'transceiver-mode': true, 'smsc-username': smsc.systemId, 'smsc-password': smsc.password },
      ...{ 'system-type': 'test', 'interface-version': 34, 'reconnect-delay': 1 },
    },
    {
      ...{ group: 'smsbox', 'bearerbox-host': '127.0.0.1', 'sendsms-port': sendPort },
      ...{ 'sendsms-interface': '127.0.0.1', 'mo-recode': true },
    },
    {
      ...{ group: 'sendsms-user', username, password, 'max-messages': 10, concatenation: true },
    },
    {
      ...{ group: 'sms-service', keyword: 'default', 'get-url': inboundUrl },
      ...{ 'catch-all': true, 'max-messages': 0 },
    },
  ];
  const text = groups.map((group) =>
    Object.entries(group)
      .map(([key, value]) => `${key} = ${typeof value === 'string' ? `"${value}"` : String(value)}\n`)
      .join(''),
  );
  await writeFile(
    file,
    text
      .join('\n')
      .replaceAll('group = "', 'group = ')
      .replace(/^(group = \S+)"$/gm, '$1'),
  );

  const running: Program[] = [];
  const close = async (): Promise<void> => {
    // The process that accepts HTTP requests first.
    for (const program of running.splice(0).reverse()) await program.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const options = { cwd: directory };
    running.push(new Program(bearerbox, [file], options));
    await smsc.bound;
    running.push(new Program(smsbox, [file], options));
    const status = `http://127.0.0.1:${adminPort}/status.txt?password=${password}`;
    let page = '';
    await until(
      async () => {
        const dead = running.find((program) => !program.isRunning);
        if (dead) throw new Error(`Kannel has exited: ${dead.said}`);
        page = await fetch(status).then(
          (answer) => answer.text(),
          (error: unknown) => String(error),
        );
        return /smsbox:/.test(page) && /centre.*\(online/.test(page);
      },
      () => [page, ...running.map(({ said }) => said)],
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://127.0.0.1:${sendPort}`, username, password, close };
}

/** A child process and the end of its output. */
class Program {
  said = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  constructor(file: string, args: string[], options: { cwd: string }) {
    this.child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const listen = (chunk: Buffer): void => {
      this.said = (this.said + chunk.toString()).slice(-4_000);
    };
    this.child.stdout?.on('data', listen);
    this.child.stderr?.on('data', listen);
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(timer);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
