import { countSegments } from './count-segments.js';

const LINK = /https?:\/\/[^\s<>"]+/giu;
/** What ends the sentence around a link rather than the link. */
const AFTER_LINK = /[.,;:!?)\]}'’”»…]+$/u;
/** How far back a cut goes for the sake of a whole word, in characters. */
const LONGEST_WORD = 30;
/** No segment has more characters. */
const CHARACTERS_A_SEGMENT = 160;

const segmenter = new Intl.Segmenter();

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface CutResult {
  readonly text: string;
  /** What had to go: `text` where it was shortened, `link` where its link alone was too long. */
  readonly dropped: readonly string[];
}

/**
 * Shortens a text to so many segments. It is cut between characters as people see them, between words where there are
 * any, and never within a link; its last link, which is what the reader is to follow, is kept whole.
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
  // Counting takes time that grows with the text, and what is longer cannot fit.
  return text.length <= maxSegments * CHARACTERS_A_SEGMENT && countSegments(text).segments <= maxSegments;
}

function linksOf(text: string): Range[] {
  return [...text.matchAll(LINK)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.replace(AFTER_LINK, '').length,
  }));
}

/**
 * The longest beginning of a text that fits together with what ends it.
 *
 * @param ending a link that goes after it; empty: none. @param floor what fits in any case.
 */
function longestFit(
  text: string,
  maxSegments: number,
  links: readonly Range[],
  ending: string,
  floor = 0,
): string {
  const reach = text.slice(0, maxSegments * CHARACTERS_A_SEGMENT + 1);
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
  // Where there is room for the link, but not for the sign before it.
  return fits(shortened, maxSegments) ? shortened : ending;
}

/** A cut within a link goes back to its start: half a link leads nowhere. */
function outsideLinks(cut: number, links: readonly Range[]): number {
  return links.find(({ start, end }) => start < cut && cut < end)?.start ?? cut;
}

/** @param floor what is not given up for a whole word, where the cut lies beyond it. */
function wholeWords(text: string, cut: number, floor: number): number {
  if (cut >= text.length || cut === floor || /\s/.test(text.charAt(cut))) return cut;
  const lowest = Math.max(cut - LONGEST_WORD, cut > floor ? floor : 0);
  const space = text.slice(lowest, cut).search(/\s\S*$/);
  return space === -1 || lowest + space === 0 ? cut : lowest + space;
}

/** The text up to a cut, with a sign that there was more, and a link after it. */
function ended(text: string, cut: number, ending: string, links: readonly Range[]): string {
  const kept = text.slice(0, cut).trimEnd();
  const isWhole = kept.length === text.trimEnd().length;
  // Right after a link the sign would become a part of it.
  const endsInLink = links.some(({ end }) => end === kept.length);
  const join = (sign: string): string =>
    [isWhole || endsInLink ? kept : `${kept}${sign}`, ending].filter((part) => part !== '').join(' ');
  const plain = join('...');
  return countSegments(plain).encoding === 'gsm7' ? plain : join('…');
}
