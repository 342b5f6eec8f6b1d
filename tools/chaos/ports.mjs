import { createServer } from 'node:net';

/** Below the ephemeral ports, so that no other process gets a port while its server is down. */
const FROM = 7_300;
const TO = 7_399;
let next = FROM;

/** @returns {Promise<number>} a free port that was not returned recently */
export async function freePort() {
  for (let tried = FROM; tried <= TO; tried++) {
    const port = next;
    next = next === TO ? FROM : next + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports from ${FROM} to ${TO} are in use.`);
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().on('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
