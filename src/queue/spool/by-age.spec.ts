import { expect, it } from '@jest/globals';
import { byAge } from './by-age.js';

async function* of(...items: number[]): AsyncGenerator<number, void> {
  yield* items;
}

it('merges sorted sequences, oldest first', async () => {
  const given = [of(1, 4, 9), of(), of(2, 3, 10, 11), of(5)];
  const merged: number[] = [];
  for await (const item of byAge(given, (at) => at)) merged.push(item);
  expect(merged).toEqual([1, 2, 3, 4, 5, 9, 10, 11]);
});
