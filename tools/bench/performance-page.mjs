import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { markdownTable } from './figures.mjs';
import { fromFirst, withSection } from './page-sections.mjs';
import { checked } from '../stage/checks.mjs';
import { CONCURRENCY } from '../stage/gateway.mjs';
import { LATENCY_MS } from '../stage/vendor.mjs';
import { surroundings } from '../stage/versions.mjs';

const PAGE = 'docs/performance.md';
const PACKAGES = ['@nestjs/core', 'fastify', 'bullmq', 'ioredis', 'pg', 'express'];

/** @param {import('./figures.mjs').Findings} findings @param {import('./options.mjs').Options} options */
export async function writePerformancePage({ figures, notes }, options) {
  const text = `# Performance

Written by \`npm run bench -- --write\`, which measures everything again and exits with an error if anything acknowledged is lost.

${markdownTable(figures)}

${notes.map((note) => `- ${note}`).join('\n')}

After each of ${checked.runs} runs, every event was accounted for: ${checked.acknowledged.toLocaleString('en')} were acknowledged, none was lost, none was delivered twice.

## Environment

${surroundings(PACKAGES)}. Gateway, stores, the vendor stand-in and the load generator share these cores.

## Method

- The built gateway runs as in production: one process with \`ROLE=api\`, one with \`ROLE=worker\` if anything is delivered, the log at \`info\` in a file, \`delivery.concurrency: ${CONCURRENCY}\`, all other settings at their defaults; the embedded default and the hanging vendor differ as noted above. Redis uses AOF \`everysec\` unless the table says otherwise. PostgreSQL is the embedded one with its defaults.
- Compared programs alternate, A B A B, ${options.turns} times after a warm-up. The table shows medians; a ratio compares two adjacent runs.
- Webhooks are the documented chat push, each with its own tag and recipient, 1.2 kB, posted for ${options.runMs / 1_000} s over bare sockets by a separate process. The bare controller is Nest on Fastify; it parses the body, answers the same JSON and stores nothing. The Express server does the same after checking that credentials are present, like CometChat's sample.
- The vendor is a process that answers FCM's protocol over TLS and HTTP/2 after ${LATENCY_MS} ms and records every message. Each user has one device, so each acknowledged event must arrive exactly once.
- CPU time is the user and system time of a process; that of PostgreSQL includes all its processes.

${fromFirst(await readFile(PAGE, 'utf8'), [SEARCH, CONSOLE])}`;
  await writePage(text);
}

/** Sections that other commands write, after all others. */
const SEARCH = '## Search';
const CONSOLE = '## Console';

/** Replaces the section of `npm run bench:search`. @param {string} section */
export async function writeSearchSection(section) {
  await writePage(withSection(await readFile(PAGE, 'utf8'), SEARCH, section));
}

/** Replaces the section of `npm run bench:console`. @param {string} section */
export async function writeConsoleSection(section) {
  await writePage(withSection(await readFile(PAGE, 'utf8'), CONSOLE, section));
}

/** @param {string} text */
async function writePage(text) {
  const style = (await resolveConfig(PAGE)) ?? {};
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
}
