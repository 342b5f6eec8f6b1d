import { ALLOWED, RULES } from './word-list.mjs';

/** @typedef {{ file: string, line: number, found: string, rule: import('./word-list.mjs').Rule }} Finding */

const PAGE = /\.md$/;
const HASH_COMMENTS = /\.(?:ya?ml|sh)$|(?:^|\/)(?:Dockerfile|\.env\.example)$/;
const COMMENTS_AND_STRINGS =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|--[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const CODE_IN_A_PAGE = /```[\s\S]*?```|`[^`\n]*`/g;
const CODE_IN_A_COMMENT = /`[^`\n]*`/g;

/**
 * @param {string} file its path from the project's folder, which is checked too
 * @param {string} text
 * @returns {Finding[]} by line
 */
export function findWords(file, text) {
  let names = text;
  for (const allowed of ALLOWED) names = names.replaceAll(allowed, blank);
  const prose = proseOf(file, names);
  /** @type {Finding[]} */
  const findings = [];
  for (const rule of RULES) {
    if ((rule.within && !isIn(file, rule.within)) || (rule.outside && isIn(file, rule.outside))) continue;
    if (rule.kind === 'name')
      for (const [found] of file.matchAll(rule.pattern)) findings.push({ file, line: 1, found, rule });
    for (const match of (rule.kind === 'prose' ? prose : names).matchAll(rule.pattern)) {
      const line = text.slice(0, match.index).split('\n').length;
      findings.push({ file, line, found: match[0].trim().replaceAll(/\s+/g, ' '), rule });
    }
  }
  return findings.toSorted((a, b) => a.line - b.line);
}

/** @param {string} file @param {readonly string[]} paths */
export const isIn = (file, paths) => paths.some((prefix) => file === prefix || file.startsWith(`${prefix}/`));

/** @param {string} match */
const blank = (match) => match.replaceAll(/[^\n]/g, ' ');

/**
 * Blanks out code, so that positions stay the same. A string is prose if it contains a space.
 *
 * @param {string} file @param {string} text
 */
function proseOf(file, text) {
  if (PAGE.test(file)) return text.replaceAll(CODE_IN_A_PAGE, blank);
  if (HASH_COMMENTS.test(file)) return text.replaceAll(/^[^#\n]+/gm, blank);
  let prose = '';
  let end = 0;
  for (const { 0: part, index } of text.matchAll(COMMENTS_AND_STRINGS)) {
    const isComment = /^(?:\/|--)/.test(part);
    prose += blank(text.slice(end, index));
    if (isComment) prose += part.replaceAll(CODE_IN_A_COMMENT, blank);
    else prose += /\S\s+\S/.test(part) ? part : blank(part);
    end = index + part.length;
  }
  return prose + blank(text.slice(end));
}
