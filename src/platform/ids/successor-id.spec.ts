import { describe, expect, it } from '@jest/globals';
import { momentOf, newId } from './new-id.js';
import { successorIdOf } from './successor-id.js';

describe('the id that follows another', () => {
  it('is one, sorts after it, and is made a millisecond later', () => {
    const ids = Array.from({ length: 100 }, () => newId());
    for (const id of ids) {
      const successor = successorIdOf(id);
      expect(successorIdOf(id)).toBe(successor);
      expect(successor).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(successor > id).toBe(true);
      expect(momentOf(successor).getTime()).toBe(momentOf(id).getTime() + 1);
    }
    expect(new Set(ids.map(successorIdOf)).size).toBe(100);
  });
});
