// Preloaded into a program under test (`NODE_OPTIONS=--import`): SIGUSR2 steps its clock an hour forward, SIGWINCH an
// hour back. Monotonic time (`performance.now()`, timers) is unaffected, as on a real machine.
const HOUR_MS = 3_600_000;
let shift = 0;

const now = Date.now.bind(Date);
Date.now = () => now() + shift;
globalThis.Date = new Proxy(Date, {
  construct: (target, given, made) =>
    /** @type {Date} */ (Reflect.construct(target, given.length === 0 ? [Date.now()] : given, made)),
});

process.on('SIGUSR2', () => (shift += HOUR_MS));
process.on('SIGWINCH', () => (shift -= HOUR_MS));
