// Preloaded into a gateway process: injects faults inside it. They are in the file CHAOS_FAULTS, which is read
// repeatedly, so that faults of a running process can change.
import dns from 'node:dns';
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} InnerFaults
 * @property {number} [clockMs] offset of its clock
 * @property {string} [unknownHost] a name that does not resolve
 * @property {string} [poison] a notification that contains this text kills the process
 */

const FILE = process.env['CHAOS_FAULTS'] ?? '';
const READ_EVERY_MS = 100;
/** RFC 2606 reserves `.invalid`. */
const NOWHERE = 'vendor.invalid';

/** @type {InnerFaults} */
let faults = {};
function read() {
  try {
    faults = /** @type {InnerFaults} */ (JSON.parse(readFileSync(FILE, 'utf8')));
  } catch {
    // It is being written, or there are none.
  }
}
read();
setInterval(read, READ_EVERY_MS).unref();

// Like a step of the system clock: timers continue, and the time of day jumps.
const RealDate = Date;
const realNow = Date.now;
const shiftedNow = () => realNow() + (faults.clockMs ?? 0);
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    /** @type {Date} */ (Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget)),
  apply: () => new RealDate(shiftedNow()).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? shiftedNow : /** @type {unknown} */ (Reflect.get(target, name, receiver)),
});

const realLookup = dns.lookup;
/** @type {(...args: Parameters<typeof realLookup>) => void} */
const lookup = (host, ...rest) => realLookup(host === faults.unknownHost ? NOWHERE : host, ...rest);
dns.lookup = Object.assign(lookup, realLookup);

// Matches the content of a push as the planner parses it, not its job, so that the process dies during the job.
const CONTENT = '{"notificationDetails"';
const realParse = JSON.parse;
JSON.parse = (text, ...rest) => {
  const { poison } = faults;
  if (poison !== undefined && text.startsWith(CONTENT) && text.includes(poison))
    process.kill(process.pid, 'SIGKILL');
  return /** @type {unknown} */ (realParse(text, ...rest));
};
