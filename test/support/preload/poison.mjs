// Preloaded into a program under test (`NODE_OPTIONS=--import`): third-party code that crashes the process on certain
// strings, like a bug in a parser or in a vendor's library.
import { Duplex, Writable } from 'node:stream';

/** As parsed by a planner; the quotes are escaped in the surrounding job and absent from ledger rows. */
const IN_PLAN = '"body":"poison of the planner';
const IN_SEND = 'poison of the sender';

const { parse } = JSON;
JSON.parse = (text, reviver) => {
  if (typeof text === 'string' && text.includes(IN_PLAN)) process.abort();
  return /** @type {unknown} */ (parse(text, reviver));
};

for (const { prototype } of [Duplex, Writable]) {
  prototype.end = new Proxy(prototype.end, {
    apply: (end, stream, args) => {
      if (typeof args[0] === 'string' && args[0].includes(IN_SEND)) process.exit(1);
      return /** @type {unknown} */ (Reflect.apply(end, stream, args));
    },
  });
}
