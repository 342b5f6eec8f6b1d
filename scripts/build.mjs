// `npm run build`. With --if-needed (before `npm start`), builds only what is out of date in dist/: the gateway from
// src/, the console from console/. A build of the gateway empties dist/ first, so the console follows, and concurrent
// processes build one after another.
import { createRequire } from 'node:module';
import { buildConsole } from './build-console.mjs';
import { isConsoleCurrent, isGatewayCurrent, stampConsole, stampGateway } from './build-stamp.mjs';
import { withBuildLock } from './build-lock.mjs';
import { ensureClient } from './prisma/client.mjs';
import { runToEnd } from './run-to-end.mjs';

/** @import { End } from './run-to-end.mjs' */

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
const isForced = !process.argv.includes('--if-needed');
const isGatewayNeeded = () => isForced || !isGatewayCurrent();
const isNeeded = () => isGatewayNeeded() || !isConsoleCurrent();
const isGood = (/** @type {End} */ end) => end.code === 0 && end.signal === null;

async function build() {
  if (isGatewayNeeded()) {
    const end = await runToEnd([NEST, 'build']);
    if (!isGood(end)) return end;
    stampGateway();
  }
  const end = await buildConsole();
  if (isGood(end)) stampConsole();
  return end;
}

if (isNeeded()) {
  await ensureClient();
  // The previous holder of the lock may already have made this build.
  const end = await withBuildLock(async () => (isNeeded() ? build() : undefined));
  if (end?.signal) process.kill(process.pid, end.signal);
  else process.exitCode = end?.code ?? 0;
}
