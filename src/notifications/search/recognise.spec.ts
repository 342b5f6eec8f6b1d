import { describe, expect, it } from '@jest/globals';
import { recognise } from './recognise.js';

describe('recognise', () => {
  it.each([
    ['0197AB12-0000-7000-8000-000000000001', ['notification', 'delivery']],
    ['v1.us.240b1.1780000000000', ['call_session']],
    ['projects/p/messages/0:1500415314455276%31bd1c9631bd1c96', ['vendor_message']],
    ['SM0123456789abcdef0123456789abcdef', ['vendor_message']],
    ['+14155550100', ['phone']],
    ['(415) 555-0100', ['phone']],
    ['4155550100', ['phone', 'tag']],
    ['4711', ['tag']],
    ['160000000000000000000000000000', ['vendor_message']],
    ['dK3fQx81:APA91bHPRgkFLJu60Ot9aQ-and-more-of-it', ['token']],
    ['ab12cd34'.repeat(8), ['token']],
    ['https://fcm.googleapis.com/fcm/send/abcdef', ['token']],
    ['ann', ['uid']],
    ['cometchat-uid-1', ['uid']],
    ['two words', []],
  ])('reads %j as %j', (query, readings) => {
    expect(recognise(query)).toEqual({ text: query, readings });
  });

  it('takes a plus sign that a URL turned into a space', () => {
    expect(recognise(' 14155550100')).toEqual({ text: '+14155550100', readings: ['phone'] });
  });

  it('ignores surrounding white space', () => {
    expect(recognise('  ann ').text).toBe('ann');
  });
});
