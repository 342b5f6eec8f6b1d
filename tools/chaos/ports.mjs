import { createServer } from 'node:net';

/** Below those that the system hands out by itself, so that nobody takes a port while its server is away. */
const FROM = 7_300;
const TO = 7_399;
let next = FROM;

/** @returns {Promise<number>} a port on which nobody listens, and that was not given for long */
export async function freePort() {
  for (let tried = FROM; tried <= TO; tried++) {
    const port = next;
    next = next === TO ? FROM : next + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports from ${FROM} to ${TO} are taken.`);
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().on('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
