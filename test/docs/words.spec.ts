import { describe, expect, it } from '@jest/globals';
import { findWords } from '../../scripts/find-words.mjs';

const found = (file: string, text: string): [number, string][] =>
  findWords(file, text).map(({ line, found: word }) => [line, word]);

describe('the word list', () => {
  it.each([
    [
      'an identifier',
      'src/queue/jobs.ts',
      'const planLane = new LaneWorker(LANES);',
      ['Lane', 'Lane', 'LANES'],
    ],
    ['a file name', 'src/queue/lane-worker.ts', '', ['lane']],
    ['a comment', 'src/queue/jobs.ts', '// Whoever waits.', ['Whoever']],
    [
      'a phrase across two lines',
      'src/queue/jobs.ts',
      '/**\n * As old as it\n * likes.\n */',
      ['as it * likes'],
    ],
    ['an error text', 'src/queue/jobs.ts', "throw new Error('the job is in hand');", ['in hand']],
    ['a page', 'docs/sms.md', 'A text to a person.', ['a text', 'person']],
    ['a sentence without a noun', 'docs/sms.md', 'It ends. What is left waits.', ['What']],
  ])('finds %s', (_case, file, text, words) => {
    expect(
      found(file, text)
        .map(([, word]) => word.toLowerCase())
        .toSorted(),
    ).toEqual(words.map((word) => word.toLowerCase()).toSorted());
  });

  it.each([
    ['part of another word', 'src/queue/jobs.ts', 'const planet = returned + replaced;'],
    ['a setting', 'docs/sms.md', 'Set `sms.receiptTimeoutSeconds` or `pumping.texts`.'],
    ['a string that is no sentence', 'src/queue/jobs.ts', "const key = 'texts';"],
    ['a term of others', 'docs/sms.md', 'US carriers filter it.'],
    ['a path to a file', 'docs/scaling.md', 'See `src/queue/adaptive-concurrency.ts`.'],
    ['a question', 'docs/sms.md', 'Ask first. What does it cost?'],
    ['ordinary English', 'docs/sms.md', 'Turn it off, in order, so long as it runs; read receipts.'],
  ])('accepts %s', (_case, file, text) => {
    expect(found(file, text)).toEqual([]);
  });

  it('reports the line of each finding, in order', () => {
    expect(found('src/queue/jobs.ts', "import x from './x.js';\n\n// A lane,\n// of late.\n")).toEqual([
      [3, 'lane'],
      [4, 'of late'],
    ]);
  });
});
