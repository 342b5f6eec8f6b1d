import { countSegments } from './count-segments.js';

const LINK = /https?:\/\/[^\s<>"]+/giu;
/** Punctuation that belongs to the surrounding sentence. */
const AFTER_LINK = /[.,;:!?)\]}'’”»…]+$/u;
/** Maximum number of characters that a cut moves back to keep a word whole. */
const LONGEST_WORD = 30;
/** Upper bound for every encoding. */
const MAX_CHARACTERS_PER_SEGMENT = 160;

const segmenter = new Intl.Segmenter();

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface CutResult {
  readonly text: string;
  /** `text` if it was shortened; `link` if its link alone was too long. */
  readonly dropped: readonly string[];
}

/**
 * Shortens the text to `maxSegments`. Cuts between graphemes, between words if possible, and never within a link. The
 * last link, which the reader is meant to follow, is kept whole.
 */
export function cutToSegments(text: string, maxSegments: number): CutResult {
  if (fits(text, maxSegments)) return { text, dropped: [] };
  const links = linksOf(text);
  const last = links.at(-1);
  if (last === undefined) return { text: longestFit(text, maxSegments, links, ''), dropped: ['text'] };
  const link = text.slice(last.start, last.end);
  if (!fits(link, maxSegments)) {
    const rest = `${text.slice(0, last.start)}${text.slice(last.end)}`.trim();
    const cut = cutToSegments(rest, maxSegments);
    return { text: cut.text, dropped: [...cut.dropped, 'link'] };
  }
  if (fits(text.slice(0, last.end), maxSegments)) {
    return { text: longestFit(text, maxSegments, links, '', last.end), dropped: ['text'] };
  }
  const before = text.slice(0, last.start).trimEnd();
  return { text: longestFit(before, maxSegments, links, link), dropped: ['text'] };
}

function fits(text: string, maxSegments: number): boolean {
  // Counting takes linear time; a longer text cannot fit.
  return (
    text.length <= maxSegments * MAX_CHARACTERS_PER_SEGMENT && countSegments(text).segments <= maxSegments
  );
}

function linksOf(text: string): Range[] {
  return [...text.matchAll(LINK)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.replace(AFTER_LINK, '').length,
  }));
}

/**
 * The longest prefix of the text that fits together with `ending`.
 *
 * @param ending a link to append; empty: none. @param floor length of a prefix that is known to fit.
 */
function longestFit(
  text: string,
  maxSegments: number,
  links: readonly Range[],
  ending: string,
  floor = 0,
): string {
  const reach = text.slice(0, maxSegments * MAX_CHARACTERS_PER_SEGMENT + 1);
  const boundaries = Array.from(segmenter.segment(reach), ({ index, segment }) => index + segment.length);
  const cuts = [floor, ...boundaries.filter((boundary) => boundary > floor)];
  const endingAt = (cut: number): string => ended(text, cut, ending, links);
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(endingAt(cuts[middle] ?? 0), maxSegments)) low = middle;
    else high = middle - 1;
  }
  const cut = wholeWords(text, outsideLinks(cuts[low] ?? 0, links), floor);
  const shortened = endingAt(outsideLinks(cut, links));
  // The link may fit without the ellipsis before it.
  return fits(shortened, maxSegments) ? shortened : ending;
}

/** Moves a cut within a link back to its start. */
function outsideLinks(cut: number, links: readonly Range[]): number {
  return links.find(({ start, end }) => start < cut && cut < end)?.start ?? cut;
}

/** @param floor a cut beyond it does not move back before it. */
function wholeWords(text: string, cut: number, floor: number): number {
  if (cut >= text.length || cut === floor || /\s/.test(text.charAt(cut))) return cut;
  const lowest = Math.max(cut - LONGEST_WORD, cut > floor ? floor : 0);
  const space = text.slice(lowest, cut).search(/\s\S*$/);
  return space === -1 || lowest + space === 0 ? cut : lowest + space;
}

/** The text up to the cut, followed by an ellipsis and the link. */
function ended(text: string, cut: number, ending: string, links: readonly Range[]): string {
  const kept = text.slice(0, cut).trimEnd();
  const isWhole = kept.length === text.trimEnd().length;
  // Directly after a link an ellipsis would become part of it.
  const endsInLink = links.some(({ end }) => end === kept.length);
  const join = (ellipsis: string): string =>
    [isWhole || endsInLink ? kept : `${kept}${ellipsis}`, ending].filter((part) => part !== '').join(' ');
  const plain = join('...');
  return countSegments(plain).encoding === 'gsm7' ? plain : join('…');
}
