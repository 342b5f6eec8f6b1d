// `npm run build`. With --if-needed (before `npm start`), builds only if dist/ is out of date with src/. A build empties
// dist/ first, so concurrent processes build one after another.
import { createRequire } from 'node:module';
import { isBuildCurrent, stampBuild } from './build-stamp.mjs';
import { withBuildLock } from './build-lock.mjs';
import { ensureClient } from './prisma/client.mjs';
import { runToEnd } from './run-to-end.mjs';

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
const isNeeded = () => !process.argv.includes('--if-needed') || !isBuildCurrent();

async function build() {
  const end = await runToEnd([NEST, 'build']);
  if (end.code === 0 && end.signal === null) stampBuild();
  return end;
}

if (isNeeded()) {
  await ensureClient();
  // The previous holder of the lock may already have made this build.
  const end = await withBuildLock(async () => (isNeeded() ? build() : undefined));
  if (end?.signal) process.kill(process.pid, end.signal);
  else process.exitCode = end?.code ?? 0;
}
