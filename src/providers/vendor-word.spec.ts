import { describe, expect, it } from '@jest/globals';
import { normalisedWord } from '../domain/opt-out-word.js';
import { AWS_WORDS } from './aws/aws-callbacks.js';
import { PLIVO_WORDS } from './plivo/plivo-callbacks.js';
import { TELNYX_WORDS } from './telnyx/telnyx-callbacks.js';
import { TWILIO_WORDS } from './twilio/twilio-callbacks.js';
import { vendorKind, vendorWord } from './vendor-word.js';

const ALL = { aws: AWS_WORDS, plivo: PLIVO_WORDS, telnyx: TELNYX_WORDS, twilio: TWILIO_WORDS };

describe('vendorWord', () => {
  it.each([
    ['Yes', 'start'],
    [' UNSTOP.', 'start'],
    ['stop', 'stop'],
    ['Revoke', 'stop'],
    ['opt-out', 'stop'],
    ['INFO', 'help'],
    ['yes please', undefined],
    ['', undefined],
    ['stop '.repeat(20), undefined],
  ])('classifies %j at Twilio as %s', (text, kind) => {
    expect(vendorWord(TWILIO_WORDS, text)).toBe(kind);
  });

  it('has the keywords that AWS requires, including TD, and none that opts in', () => {
    const required = [
      'ARRET',
      'CANCEL',
      'END',
      'OPT-OUT',
      'OPTOUT',
      'QUIT',
      'REMOVE',
      'STOP',
      'TD',
      'UNSUBSCRIBE',
    ];
    expect(required.map((word) => vendorWord(AWS_WORDS, word))).toEqual(required.map(() => 'stop'));
    expect(vendorWord(AWS_WORDS, 'START')).toBeUndefined();
  });

  it.each(Object.entries(ALL))('stores the keywords of %s in normalized form', (_vendor, words) => {
    for (const word of Object.values(words).flat()) expect(normalisedWord(word)).toBe(word);
  });

  it('recognises a kind by its name', () => {
    expect(['STOP', 'start', 'Help', 'OTHER', '', null, 1].map(vendorKind)).toEqual([
      ...['stop', 'start', 'help'],
      ...[undefined, undefined, undefined, undefined],
    ]);
  });
});
