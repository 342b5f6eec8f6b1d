import { describe, expect, it } from '@jest/globals';
import type { InboundSms } from '../../../providers/callback.js';
import { understand } from './inbound-kind.js';

const said = (text: string, over: Partial<InboundSms> = {}): InboundSms => ({
  ...{ from: '+14155550100', to: '+15005550006', text, vendorMessageId: 'm-1' },
  ...over,
});

const INBOUND = [
  ['our word alone', said('Alto'), 'stop', undefined, { kind: 'stop', isAnswered: false }],
  [
    'a word of both',
    said('STOP', { takenFor: 'stop' }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: true },
  ],
  [
    'the vendor’s word',
    said('YES', { takenFor: 'start' }),
    'other',
    undefined,
    { kind: 'start', isAnswered: true },
  ],
  [
    'our STOP, its START',
    said('GO', { takenFor: 'start' }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: false },
  ],
  [
    'our HELP, its STOP',
    said('END', { takenFor: 'stop' }),
    'help',
    undefined,
    { kind: 'stop', isAnswered: true },
  ],
  ['a vendor that answers all', said('Alto'), 'stop', true, { kind: 'stop', isAnswered: true }],
  ['a vendor that answers none', said('STOP'), 'stop', false, { kind: 'stop', isAnswered: false }],
  ['a message', said('hello'), 'other', true, { kind: 'other', isAnswered: false }],
  [
    'STOP to a toll-free number',
    said('Stop.', { to: '+18885550100' }),
    'stop',
    false,
    { kind: 'stop', isAnswered: true },
  ],
  [
    'UNSTOP to one',
    said('unstop', { to: '18885550100' }),
    'start',
    undefined,
    { kind: 'start', isAnswered: true },
  ],
  [
    'HELP to one',
    said('HELP', { to: '+18885550100' }),
    'help',
    undefined,
    { kind: 'help', isAnswered: false },
  ],
  ['END to one', said('END', { to: '+18885550100' }), 'stop', undefined, { kind: 'stop', isAnswered: false }],
  ['STOP to nobody', said('STOP', { to: null }), 'stop', undefined, { kind: 'stop', isAnswered: false }],
] as const;

describe('understand', () => {
  it.each(INBOUND)('%s', (_what, inbound, own, answersOptOuts, expected) => {
    expect(understand(inbound, own, answersOptOuts)).toEqual(expected);
  });
});
