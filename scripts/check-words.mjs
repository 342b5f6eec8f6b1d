// `npm run words` checks that the project uses the standard terms of word-list.mjs. `npm run words -- src/queue` checks
// some paths; `npm run words -- --count` counts the findings by folder and word.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { findWords, isIn } from './find-words.mjs';
import { CHECKED, IGNORED } from './word-list.mjs';

/** @typedef {import('./find-words.mjs').Finding} Finding */

const ROOT = path.resolve(import.meta.dirname, '..');
const TEXT = /\.(?:md|tsx?|css|js|mjs|cjs|sql|ya?ml|prisma|sh)$|^(?:Dockerfile|\.env\.example)$/;

/** @param {string} from a path, or `*.<extension>` in the project's folder @returns {Promise<string[]>} */
async function filesOf(from) {
  if (from.startsWith('*.'))
    return (await readdir(ROOT)).filter((name) => name.endsWith(from.slice(1)) && !isIn(name, IGNORED));
  const found = await stat(path.join(ROOT, from)).catch(() => undefined);
  if (!found) return [];
  if (found.isFile()) return [from];
  const entries = await readdir(path.join(ROOT, from), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .filter((file) => !isIn(file, IGNORED));
}

/** @param {readonly Finding[]} findings @returns {string[]} one line per folder, highest count first */
function countsOf(findings) {
  /** @type {Map<string, Map<string, number>>} */
  const folders = new Map();
  for (const { file, rule } of findings) {
    const folder = path.dirname(file).split('/').slice(0, 2).join('/');
    /** @type {Map<string, number>} */
    const none = new Map();
    const words = folders.get(folder) ?? none;
    words.set(rule.word, (words.get(rule.word) ?? 0) + 1);
    folders.set(folder, words);
  }
  return [...folders]
    .map(([folder, words]) => {
      const sorted = [...words].toSorted((a, b) => b[1] - a[1]);
      const total = sorted.reduce((sum, [, count]) => sum + count, 0);
      return { total, line: `${folder}: ${total} (${sorted.map((entry) => entry.join(' ')).join(', ')})` };
    })
    .toSorted((a, b) => b.total - a.total)
    .map(({ line }) => line);
}

/** @param {Finding} finding */
const lineOf = ({ file, line, found, rule }) => `${file}:${line}: ${found} → use ${rule.use} instead`;

const args = process.argv.slice(2);
const isCount = args.includes('--count');
const paths = args.filter((arg) => arg !== '--count').map((arg) => path.normalize(arg).replace(/\/$/, ''));
const chosen = paths.length > 0 ? paths : CHECKED;
const found = await Promise.all(chosen.map(filesOf));
const missing = chosen.filter((_, index) => found[index]?.length === 0);
const files = [...new Set(found.flat())];
const findings = (
  await Promise.all(files.map(async (file) => findWords(file, await readFile(path.join(ROOT, file), 'utf8'))))
).flat();

if (isCount)
  process.stdout.write(
    [...countsOf(findings), `${findings.length} findings in ${files.length} files`, ''].join('\n'),
  );
else {
  process.stderr.write(findings.map((finding) => `${lineOf(finding)}\n`).join(''));
  if (missing.length > 0) process.stderr.write(`Nothing to check in ${missing.join(', ')}.\n`);
  if (findings.length > 0 || missing.length > 0) process.exitCode = 1;
  else process.stdout.write(`${files.length} files use the standard terms.\n`);
}
