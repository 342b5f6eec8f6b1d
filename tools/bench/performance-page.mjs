import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { markdownTable } from './figures.mjs';
import { checked } from '../stage/checks.mjs';
import { CONCURRENCY } from '../stage/gateway.mjs';
import { LATENCY_MS } from '../stage/vendor.mjs';
import { surroundings } from '../stage/versions.mjs';

const PAGE = 'docs/performance.md';
const PACKAGES = ['@nestjs/core', 'fastify', 'bullmq', 'ioredis', 'pg', 'express'];

/** @param {import('./figures.mjs').Findings} findings @param {import('./options.mjs').Options} options */
export async function writePerformancePage({ figures, notes }, options) {
  const text = `# Performance

Written by \`npm run bench -- --write\`, which takes the figures again and ends with an error where anything that was acknowledged is lost.

${markdownTable(figures)}

${notes.map((note) => `- ${note}`).join('\n')}

After each of ${checked.runs} runs everything was counted: ${checked.acknowledged.toLocaleString('en')} events were acknowledged; none was lost, none was delivered twice.

## Taken on

${surroundings(PACKAGES)}. Everything shares these cores: gateway, stores, the stand-in for the vendor, and whoever posts.

## How

- The built gateway runs as it does in production, one process with \`ROLE=api\`, one with \`ROLE=worker\` where something is delivered, its log at \`info\` in a file, \`delivery.concurrency: ${CONCURRENCY}\`, all other settings at their defaults. Redis writes its log (AOF) \`everysec\` unless the table says otherwise. PostgreSQL is the embedded one with its own defaults.
- What is compared runs in turn, A B A B, ${options.turns} times after a turn that does not count. The table shows medians; a ratio is that of two runs beside each other.
- Webhooks are the documented chat push, each with a tag and recipient of its own, 1.2 kB, posted for ${options.runMs / 1_000} s over bare sockets by a process of its own. The bare controller is Nest on Fastify; it parses the body, answers the same JSON and stores nothing. The Express server does likewise, after a look at whether there are credentials, as CometChat's sample does.
- The vendor is a process that answers FCM's protocol over TLS and HTTP/2 after ${LATENCY_MS} ms and remembers what it was sent. Each person has one device, so each acknowledged event must come to it exactly once.
- Processor time is what the system has booked for a process, its own and the system's for it.
`;
  const style = (await resolveConfig(PAGE)) ?? {};
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
}
