// Loaded into a program under test (`NODE_OPTIONS=--import`): code outside of ours that ends the process when it meets
// certain texts, as a fault in a parser or in a vendor's library would.
import { Duplex, Writable } from 'node:stream';

/** What a planner parses. In the job around it the quotes are escaped, and in a ledger row it is not met. */
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
