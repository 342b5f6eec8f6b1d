import { describe, expect, it } from '@jest/globals';
import type { InboundSms } from '../../../providers/callback.js';
import { understand } from './inbound-kind.js';

const said = (text: string, over: Partial<InboundSms> = {}): InboundSms => ({
  ...{ from: '+14155550100', to: '+15005550006', text, vendorMessageId: 'm-1' },
  ...over,
});

const CASES = [
  ['STOP word of the app only', said('Alto'), 'stop', undefined, { kind: 'stop', isAnswered: false }],
  [
    'STOP word of app and vendor',
    said('STOP', { takenFor: 'stop' }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: true },
  ],
  [
    'START word of the vendor only',
    said('YES', { takenFor: 'start' }),
    'other',
    undefined,
    { kind: 'start', isAnswered: true },
  ],
  [
    'STOP for the app, START for the vendor',
    said('GO', { takenFor: 'start' }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: false },
  ],
  [
    'HELP for the app, STOP for the vendor',
    said('END', { takenFor: 'stop' }),
    'help',
    undefined,
    { kind: 'stop', isAnswered: true },
  ],
  ['STOP word, vendor set to answer', said('Alto'), 'stop', true, { kind: 'stop', isAnswered: true }],
  ['STOP word, vendor set not to answer', said('STOP'), 'stop', false, { kind: 'stop', isAnswered: false }],
  ['ordinary message', said('hello'), 'other', true, { kind: 'other', isAnswered: false }],
  [
    'STOP to a toll-free number',
    said('Stop.', { to: '+18885550100' }),
    'stop',
    false,
    { kind: 'stop', isAnswered: true },
  ],
  [
    'UNSTOP to a toll-free number',
    said('unstop', { to: '18885550100' }),
    'start',
    undefined,
    { kind: 'start', isAnswered: true },
  ],
  [
    'HELP to a toll-free number',
    said('HELP', { to: '+18885550100' }),
    'help',
    undefined,
    { kind: 'help', isAnswered: false },
  ],
  [
    'END to a toll-free number',
    said('END', { to: '+18885550100' }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: false },
  ],
  [
    'STOP without a receiving number',
    said('STOP', { to: null }),
    'stop',
    undefined,
    { kind: 'stop', isAnswered: false },
  ],
] as const;

describe('understand', () => {
  it.each(CASES)('%s', (_name, inbound, own, answersOptOuts, expected) => {
    expect(understand(inbound, own, answersOptOuts)).toEqual(expected);
  });
});
