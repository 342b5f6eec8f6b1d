import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { surroundings } from '../stage/versions.mjs';
import { markdownTable } from './report.mjs';

const PAGE = 'docs/chaos.md';
const PACKAGES = ['bullmq', 'ioredis', 'pg'];

/** @param {number} ms */
const seconds = (ms) => `${ms / 1_000} s`;

/** @param {readonly import('./report.mjs').Result[]} results @param {import('./options.mjs').Sizes} sizes */
export async function writeChaosPage(results, { perSecond, kills, outageMs, longOutageMs, isShort }) {
  const text = `# What it survives

Written by \`npm run chaos -- --write\`, which plays all of it again and ends with an error where anything that was acknowledged is lost.

${markdownTable(results)}

## How to read it

- **Acknowledged**: webhooks that were answered 200. Whatever else an answer was, or none, CometChat knows that it has to send the event again.
- **Delivered**: of these, the vendor took at least one message.
- **Explained**: of these, the ledger says why none was sent: a ring whose call was over by then (\`expired\`), or a text of which nobody knows whether it was sent (\`outcome_unknown\`), and which is not sent again because a second text costs money and trust.
- **Lost**: neither. It must be 0.
- **Doubled**: messages that the vendor took beyond the first of each event. Deliveries happen at least once: what a worker has in its hands when it dies, or cannot write down because PostgreSQL is gone, may be sent again. **At most** says how many these can be.

Of every scenario it is checked, too, that no ring came when its call was over, that no new event was taken for a repeat, and that nothing was left in the queue.

## Played on

${surroundings(PACKAGES)}. Everything shares these cores: gateway, stores, vendors, and whoever posts.

## How

- The built gateway runs as it does in production, \`ROLE=api\` and \`ROLE=worker\` apart, on a Redis with \`appendfsync always\` and a PostgreSQL of its own for each scenario. A process that ends by itself is started again after a second, as a service manager does.
- Webhooks are posted at a steady ${perSecond} a second, whatever becomes of those before: of twenty, seventeen are chat pushes, two are texts and one is a call, each with a tag of its own, each on a connection of its own.
- The vendors are processes that answer as FCM and as a vendor of texts do, over TLS and HTTP/2, and remember the tag of every message that they took. Each person has one device, so each event is one message.
- Each victim is killed ${kills} times; a store is away for ${seconds(outageMs)}, a vendor fails for ${seconds(longOutageMs)}${isShort ? ' (the short form, `--short --all`; in full: 60 s and 300 s)' : ''}.
- A process is killed with \`SIGKILL\`, a store with all of its processes, and started again on the same files.
`;
  const style = (await resolveConfig(PAGE)) ?? {};
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
}
