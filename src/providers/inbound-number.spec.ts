import { describe, expect, it } from '@jest/globals';
import { inboundNumber } from './inbound-number.js';

describe('inboundNumber', () => {
  it.each(['+447700900001', '447700900001', ' 447700900001 '])('reads %s', (sender) => {
    expect(inboundNumber(sender)).toBe('+447700900001');
  });

  it.each(['', '60999', '00447700900001', 'Bellhop', '+44 7700 900001', '4477009000010000'])(
    'has no number for %s',
    (sender) => {
      expect(inboundNumber(sender)).toBeUndefined();
    },
  );
});
