// `npm run build`; with --if-needed (before `npm start`) only where dist/ is not what src/ says.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { isBuildCurrent, stampBuild } from './build-stamp.mjs';

const NEST = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');

if (!process.argv.includes('--if-needed') || !isBuildCurrent()) {
  const { status } = spawnSync(process.execPath, [NEST, 'build'], { stdio: 'inherit' });
  if (status === 0) stampBuild();
  process.exitCode = status ?? 1;
}
