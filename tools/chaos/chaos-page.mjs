import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { surroundings } from '../stage/versions.mjs';
import { HEAD, rowOf } from './report.mjs';

const PAGE = 'docs/chaos.md';
const PACKAGES = ['bullmq', 'ioredis', 'pg'];

/** @param {number} ms */
const seconds = (ms) => `${ms / 1_000} s`;

/** @param {import('./scenario.mjs').Run} run */
const titleOf = ({ scenario, deployment }) => [scenario.title, deployment];
/** @param {readonly string[]} cells */
const keyOf = ([title, deployment]) => `${title} on ${deployment}`;
/** @param {import('./scenario.mjs').Run} run */
const unplayed = (run) => [...titleOf(run), ...HEAD.slice(2, -2).map(() => ''), 'not played', ''];

/**
 * The table of a page with a new row for a scenario; the rows of the others stay.
 *
 * @param {string} page in Markdown
 * @param {import('./report.mjs').Result} result
 * @param {readonly import('./scenario.mjs').Run[]} all every scenario on every deployment, in order
 * @returns {string} in Markdown
 */
export function tableWith(page, result, all) {
  const lines = page.split('\n').filter((line) => line.startsWith('| '));
  const cellsOf = (/** @type {string} */ line) => line.split('|').slice(1, -1);
  const rows = [...lines.map((line) => cellsOf(line).map((cell) => cell.trim())), rowOf(result)];
  const byKey = new Map(rows.map((cells) => [keyOf(cells), cells]));
  const ruler = HEAD.map((_, column) => (column >= 2 && column < HEAD.length - 2 ? '---:' : '---'));
  const table = [HEAD, ruler, ...all.map((run) => byKey.get(keyOf(titleOf(run))) ?? unplayed(run))];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Writes the page.
 *
 * @param {Parameters<typeof tableWith>[1]} result
 * @param {Parameters<typeof tableWith>[2]} all
 * @param {import('./options.mjs').Sizes} sizes
 */
export async function writeChaosPage(result, all, { perSecond, kills, outageMs, longOutageMs }) {
  const text = `# Fault tolerance

Written by \`npm run chaos -- --write\`, which plays the scenarios again and exits with an error if anything acknowledged is lost.

${tableWith(await readFile(PAGE, 'utf8'), result, all)}

## Columns

- **Deployment**: \`redis\` is one process per role with the queue on Redis; \`embedded\` is the default of \`npm start\`, a single process that starts its own PostgreSQL, with the queue on that. A scenario that injects faults into something that a deployment does not have, such as Redis, is not played on it.
- **Acknowledged**: webhooks answered 200. After any other answer, or none, CometChat knows that it has to repeat the event.
- **Delivered**: of these, the vendor accepted at least one message.
- **Explained**: of these, the ledger says why none was sent: a ring whose call had ended (\`expired\`), or an SMS whose outcome is unknown (\`outcome_unknown\`), not repeated because a duplicate costs money and trust.
- **Lost**: neither. It must be 0.
- **Doubled**: messages that the vendor accepted beyond the first of each event. Delivery is at least once: messages in flight when a worker dies, or whose result cannot be recorded because PostgreSQL is down, may be sent again. **At most** is the upper bound.

Every scenario also verifies that no ring followed the end of its call, that no new event was treated as a repeat, and that the queue is empty at the end.

## Environment

${surroundings(PACKAGES)}. Gateway, stores, vendors and load generator share these cores.

## Method

- The built gateway runs on \`redis\` as in production, \`ROLE=api\` and \`ROLE=worker\` in separate processes, and each scenario has its own Redis with \`appendfsync always\` and its own PostgreSQL. On \`embedded\`, one process with \`ROLE=all\` starts and restarts its PostgreSQL. A process that exits is restarted after a second, as by a service manager.
- _The queue's store_ is Redis on \`redis\`, and PostgreSQL on \`embedded\`.
- Webhooks are posted at a steady ${perSecond} a second, regardless of earlier answers. Of twenty, seventeen are chat pushes, two SMS and one a call; each has its own tag and connection.
- The vendors are processes that answer like FCM and an SMS vendor, over TLS and HTTP/2, and record the tag of every accepted message. Each user has one device, so each event is one message.
- Each victim is killed ${kills} times; a store is down and a vendor fails for ${seconds(outageMs)}, but it answers 503 for ${seconds(longOutageMs)}.
- Idle connections are opened as fast as possible on \`redis\` and 2,000 a second on \`embedded\`. Node.js accepts one connection per iteration of its event loop, so those of CometChat wait behind all that came at once: up to 3 s if one process accepts 10,000 and delivers.
- A process is killed with \`SIGKILL\`, a store with all of its processes, and started again on the same files. Until then, a setting prevents the process on \`embedded\` from restarting its PostgreSQL.
`;
  const style = (await resolveConfig(PAGE)) ?? {};
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
}
