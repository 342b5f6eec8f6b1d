import { describe, expect, it } from '@jest/globals';
import { ImportProgress } from './import-progress.js';

describe('ImportProgress', () => {
  const written: string[] = [];
  const progress = new ImportProgress({ isTTY: false, write: (text: string) => written.push(text) > 0 });

  it('names line, path and problem of a bad row', () => {
    progress.bad(12, [
      { path: 'phno', problem: 'is not a phone number' },
      { path: '', problem: 'is not valid JSON' },
    ]);
    expect(written).toEqual(['line 12: phno is not a phone number\n', 'line 12: is not valid JSON\n']);
  });

  it('formats the number of rows and the rate', () => {
    expect(progress.rate(12_000)).toMatch(/^12,000 rows, [\d,]+\/s$/);
  });
});
