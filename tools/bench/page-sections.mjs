/**
 * @param {string} page
 * @param {string} heading of the section that is replaced; a missing one is added at the end
 * @param {string} section without its heading
 */
export function withSection(page, heading, section) {
  const text = `${heading}\n\n${section.trim()}\n`;
  const at = page.indexOf(`${heading}\n`);
  if (at < 0) return `${page.trimEnd()}\n\n${text}`;
  const end = page.indexOf('\n## ', at);
  return page.slice(0, at) + text + (end < 0 ? '' : page.slice(end));
}

/** The page from the first of these headings on; empty without any. @param {string} page @param {readonly string[]} headings */
export function fromFirst(page, headings) {
  const starts = headings.map((heading) => page.indexOf(`${heading}\n`)).filter((at) => at >= 0);
  return starts.length === 0 ? '' : page.slice(Math.min(...starts));
}
