// Loaded into a process of the gateway before its own code: what can go wrong inside of it. The faults stand in the
// file CHAOS_FAULTS, which is read again and again, so that a running process can be given them and be rid of them.
import dns from 'node:dns';
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} InnerFaults
 * @property {number} [clockMs] how far its clock is ahead
 * @property {string} [unknownHost] a name that does not resolve
 * @property {string} [poison] it dies of a notification that holds this
 */

const FILE = process.env['CHAOS_FAULTS'] ?? '';
const READ_EVERY_MS = 100;
/** A name that RFC 2606 promises never to exist. */
const NOWHERE = 'vendor.invalid';

/** @type {InnerFaults} */
let faults = {};
function read() {
  try {
    faults = /** @type {InnerFaults} */ (JSON.parse(readFileSync(FILE, 'utf8')));
  } catch {
    // It is just being written, or there are none.
  }
}
read();
setInterval(read, READ_EVERY_MS).unref();

// As where somebody sets the system's clock: timers go on, and the time of day jumps.
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

// The notification's content as the planner reads it, and not the job around it: the process dies at work.
const realParse = JSON.parse;
JSON.parse = (text, ...rest) => {
  const { poison } = faults;
  if (poison !== undefined && text.startsWith('{"to"') && text.includes(poison))
    process.kill(process.pid, 'SIGKILL');
  return /** @type {unknown} */ (realParse(text, ...rest));
};
