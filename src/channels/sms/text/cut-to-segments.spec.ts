import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countSegments } from './count-segments.js';
import { cutToSegments } from './cut-to-segments.js';
import { draws } from '../../../../test/support/draws.js';

const words = (count: number): string => 'word '.repeat(count).trim();
const LINK = 'https://your-website.com/chat';

describe('cutToSegments', () => {
  it('cuts between words and appends an ellipsis in the encoding of the text', () => {
    expect(cutToSegments(words(40), 1)).toEqual({ text: `${words(31)}...`, dropped: ['text'] });
    const russian = 'слово '.repeat(20).trim();
    expect(cutToSegments(russian, 1)).toEqual({
      text: `${'слово '.repeat(11).trim()}…`,
      dropped: ['text'],
    });
  });

  it('uses the larger GSM-7 segment once the only UCS-2 character is cut off', () => {
    const { text } = cutToSegments(`${words(40)} ж`, 1);
    expect(countSegments(text)).toEqual({ encoding: 'gsm7', segments: 1 });
    expect(text).toBe(`${words(31)}...`);
  });

  it('cuts within an overlong word and in text without spaces', () => {
    expect(cutToSegments('x'.repeat(161), 1).text).toBe(`${'x'.repeat(157)}...`);
    expect(cutToSegments('字'.repeat(71), 1).text).toBe(`${'字'.repeat(69)}…`);
  });

  it('keeps graphemes whole', () => {
    expect(cutToSegments('👨‍👩‍👧‍👦'.repeat(7), 1).text).toBe(`${'👨‍👩‍👧‍👦'.repeat(6)}…`);
    expect(cutToSegments(`x${'\u0301'.repeat(500)}`, 1).text).toBe('...');
  });

  it.each([
    ['at the end', `${words(60)} ${LINK}`],
    ['before the end of a sentence', `${words(60)} ${LINK}.`],
    ['in the middle', `${words(40)} ${LINK} ${words(40)}`],
  ])('keeps a link %s', (_, text) => {
    const cut = cutToSegments(text, 1);
    expect(cut).toEqual({ text: `${words(25)}... ${LINK}`, dropped: ['text'] });
    expect(countSegments(cut.text).segments).toBe(1);
  });

  it('keeps text after a link as far as it fits', () => {
    expect(cutToSegments(`See ${LINK}, ${words(60)}`, 1).text).toBe(`See ${LINK}, ${words(24)}...`);
    const tight = `${'x'.repeat(130)} ${LINK}`;
    expect(tight).toHaveLength(160);
    expect(cutToSegments(`${tight} and more`, 1).text).toBe(tight);
  });

  it('keeps the last of several links and never cuts within one', () => {
    const other = `https://example.com/${'y'.repeat(60)}`;
    expect(cutToSegments(`${words(20)} ${other} ${LINK}`, 1).text).toBe(`${words(20)}... ${LINK}`);
  });

  it('keeps a link that leaves no room for the ellipsis', () => {
    const long = `https://example.com/${'y'.repeat(140)}`;
    expect(long).toHaveLength(160);
    expect(cutToSegments(`See ${long}`, 1)).toEqual({ text: long, dropped: ['text'] });
  });

  it('drops a link that is too long by itself', () => {
    const endless = `https://example.com/${'y'.repeat(200)}`;
    expect(cutToSegments(`See ${endless}`, 1)).toEqual({ text: 'See', dropped: ['link'] });
    expect(cutToSegments(`${words(60)} ${endless}`, 1)).toEqual({
      text: `${words(31)}...`,
      dropped: ['text', 'link'],
    });
  });

  it('fits any text into the segments without splitting a character', () => {
    const unit = fc.oneof(
      { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
      fc.constantFrom(' ', '\n', '€', '😀', 'https://a.example/b?c=d', 'http://x', '字', '. '),
      fc.string({ unit: fc.constantFrom('a', ' ', '{', 'ж'), maxLength: 200 }),
    );
    const inputs = fc.array(unit, { maxLength: 25 }).map((parts) => parts.join('').trim());
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 3 }), (text, maxSegments) => {
        const { text: cut, dropped } = cutToSegments(text, maxSegments);
        expect(countSegments(cut).segments).toBeLessThanOrEqual(maxSegments);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
        if (countSegments(text).segments <= maxSegments) expect([cut, dropped]).toEqual([text, []]);
        else expect(dropped.length).toBeGreaterThan(0);
      }),
      draws(500),
    );
  });

  it('keeps the link in any surrounding text', () => {
    const around = fc.string({ unit: fc.constantFrom('a', ' ', '€', 'ж', '😀', '.'), maxLength: 400 });
    fc.assert(
      fc.property(around, around, fc.integer({ min: 1, max: 3 }), (before, after, maxSegments) => {
        const { text } = cutToSegments(`${before} ${LINK} ${after}`.trim(), maxSegments);
        expect(text.split(' ')).toContain(LINK);
      }),
      draws(500),
    );
  });
});
