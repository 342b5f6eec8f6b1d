import path from 'node:path';
import '../../scripts/typescript/register.mjs';
import { processesWith } from './os-processes.mjs';

const { runningEmbeddedUrl } = await import('../../src/platform/embedded/embedded-postgres.js');
const { passwordsOf } = await import('../../src/platform/embedded/server-access.js');

/** The PostgreSQL that a gateway process starts in its data directory. */
export class EmbeddedDatabase {
  #url = '';

  /** @param {string} dataDir `DATA_DIR` of the process */
  constructor(dataDir) {
    this.directory = path.join(dataDir, 'postgres');
  }

  /** @returns {string} URL of the superuser, which stays the same. @throws {Error} before the first start */
  get url() {
    if (this.#url === '') this.#url = superuserUrl(this.directory);
    return this.#url;
  }

  /** @returns {number | undefined} its first process, if it runs */
  get pid() {
    return processesWith((args) => args.includes('-D') && args.includes(this.directory))[0];
  }
}

/** @param {string} directory */
function superuserUrl(directory) {
  const running = runningEmbeddedUrl(directory);
  if (running === undefined) throw new Error('The embedded PostgreSQL has not started.');
  const url = new URL(running);
  url.username = 'postgres';
  url.password = passwordsOf(directory)?.superuser ?? '';
  return url.href;
}
