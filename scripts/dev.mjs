// `npm run dev`: builds and starts the gateway, then rebuilds and restarts it when its source, the console's or its
// configuration file changes. If a build fails, the running gateway stays. Types are not checked: run `npm run types` for that.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceFingerprint } from './build-stamp.mjs';

const BUILD = ['scripts/build.mjs', '--if-needed'];
const GATEWAY = ['--enable-source-maps', 'dist/main.js'];
const CONFIG = process.env['BELLHOP_CONFIG'] ?? 'bellhop.yaml';
/** An editor or a checkout writes several files at once. */
const SETTLE_MS = 200;

/** @typedef {{ child: import('node:child_process').ChildProcess, exited: Promise<number | null> }} Program */

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** @type {Program | undefined} */
let gateway;
/** Changed by signals and by the file watchers. @type {{ stopSignal?: NodeJS.Signals, isDirty: boolean }} */
const events = { isDirty: false };
let wake = () => {};

/** @param {string[]} args of Node.js @returns {Program} */
function start(args) {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  children.add(child);
  const exited = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return /** @type {number | null} */ (code);
  });
  return { child, exited };
}

/** Everything on which the running gateway depends; undefined while files are being moved. */
function state() {
  try {
    return `${sourceFingerprint()}\n${existsSync(CONFIG) ? readFileSync(CONFIG, 'utf8') : ''}`;
  } catch {
    return undefined;
  }
}

async function restart() {
  const code = await start(BUILD).exited;
  if (events.stopSignal) return;
  if (code !== 0) return console.error('[dev] The build failed. Waiting for a change.');
  gateway?.child.kill('SIGTERM');
  await gateway?.exited;
  if (events.stopSignal) return;
  const { child, exited } = start(GATEWAY);
  gateway = { child, exited };
  void exited.then((status) => {
    if (status !== 0) console.error(`[dev] The gateway exited with ${status}. Waiting for a change.`);
  });
}

/** Waits until something is written in a watched directory. */
async function nextChange() {
  while (!events.isDirty && !events.stopSignal)
    await new Promise((resolve) => (wake = () => resolve(undefined)));
  if (!events.stopSignal) await sleep(SETTLE_MS);
  events.isDirty = false;
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    events.stopSignal = signal;
    for (const child of children) child.kill(signal);
    wake();
  });
}
const watchers = [
  ...['src', 'console', 'prisma'].map((directory) => watch(directory, { recursive: true })),
  ...['.', path.dirname(CONFIG)].map((directory) => watch(directory)),
];
for (const watcher of watchers) {
  watcher.on('change', () => {
    events.isDirty = true;
    wake();
  });
}

/** @type {string | undefined} */
let running;
while (!events.stopSignal) {
  const current = state();
  if (current === undefined || current !== running) {
    running = current;
    await restart();
  }
  await nextChange();
}
for (const watcher of watchers) watcher.close();
process.exitCode = (await gateway?.exited) ?? 0;
