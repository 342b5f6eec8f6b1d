// `npm run build`; with --if-needed (before `npm start`) only where dist/ is not what src/ says. A build empties dist/
// first, so processes that start side by side build one after another.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { isBuildCurrent, stampBuild } from './build-stamp.mjs';
import { withBuildLock } from './build-lock.mjs';
import { ensureClient } from './prisma/client.mjs';

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
const isNeeded = () => !process.argv.includes('--if-needed') || !isBuildCurrent();

function build() {
  const { status } = spawnSync(process.execPath, [NEST, 'build'], { stdio: 'inherit' });
  if (status === 0) stampBuild();
  process.exitCode = status ?? 1;
}

if (isNeeded()) {
  ensureClient();
  // The previous holder of the lock may have built it.
  withBuildLock(() => isNeeded() && build());
}
