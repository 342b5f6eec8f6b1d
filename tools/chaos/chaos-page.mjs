import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { surroundings } from '../stage/versions.mjs';
import { markdownTable } from './report.mjs';

const PAGE = 'docs/chaos.md';
const PACKAGES = ['bullmq', 'ioredis', 'pg'];

/** @param {number} ms */
const seconds = (ms) => `${ms / 1_000} s`;

/** @param {readonly import('./report.mjs').Result[]} results @param {import('./options.mjs').Sizes} sizes */
export async function writeChaosPage(results, sizes) {
  const { perSecond, kills, outageMs, longOutageMs, isShort, atOnce } = sizes;
  const text = `# Fault tolerance

Written by \`npm run chaos -- --write\`, which repeats all scenarios and exits with an error if anything acknowledged is lost.

${markdownTable(results)}

## Columns

- **Deployment**: \`redis\` is one process per role with the queue on Redis; \`embedded\` is the default of \`npm start\`, a single process that starts its own PostgreSQL, with the queue on that. A scenario that injects faults into something that a deployment does not have, such as Redis, is not played on it.
- **Acknowledged**: webhooks answered 200. After any other answer, or none, CometChat knows that it has to repeat the event.
- **Delivered**: of these, the vendor accepted at least one message.
- **Explained**: of these, the ledger says why none was sent: a ring whose call had ended (\`expired\`), or an SMS whose outcome is unknown (\`outcome_unknown\`), not repeated because a duplicate costs money and trust.
- **Lost**: neither. It must be 0.
- **Doubled**: messages that the vendor accepted beyond the first of each event. Delivery is at least once: messages in flight when a worker dies, or whose result cannot be recorded because PostgreSQL is down, may be sent again. **At most** is the upper bound.

Every scenario also verifies that no ring followed the end of its call, that no new event was treated as a repeat, and that the queue is empty at the end.

## Environment

${surroundings(PACKAGES)}. Gateway, stores, vendors and load generator share these cores${atOnce ? ', and so do the two deployments, which were played at the same time' : ''}.

## Method

- The built gateway runs on \`redis\` as in production, \`ROLE=api\` and \`ROLE=worker\` in separate processes, and each scenario has its own Redis with \`appendfsync always\` and its own PostgreSQL. On \`embedded\`, one process with \`ROLE=all\` starts and restarts its PostgreSQL. A process that exits is restarted after a second, as by a service manager.
- _The queue's store_ is Redis on \`redis\`, and PostgreSQL on \`embedded\`.
- Webhooks are posted at a steady ${perSecond} a second, regardless of earlier answers. Of twenty, seventeen are chat pushes, two SMS and one a call; each has its own tag and connection.
- The vendors are processes that answer like FCM and an SMS vendor, over TLS and HTTP/2, and record the tag of every accepted message. Each user has one device, so each event is one message.
- Each victim is killed ${kills} times; a store is down for ${seconds(outageMs)}, a vendor fails for ${seconds(longOutageMs)}${isShort ? ' (the short form, `--short --all`; in full: 60 s and 300 s)' : ''}.
- A process is killed with \`SIGKILL\`, a store with all of its processes, and started again on the same files. Until then, a setting prevents the process on \`embedded\` from restarting its PostgreSQL.
`;
  const style = (await resolveConfig(PAGE)) ?? {};
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
}
