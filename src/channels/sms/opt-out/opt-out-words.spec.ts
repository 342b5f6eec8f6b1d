import { describe, expect, it } from '@jest/globals';
import { SmsOptOutSettings } from '../../../platform/config/sms-settings.js';
import { OptOutWords } from './opt-out-words.js';

const words = new OptOutWords(
  Object.assign(new SmsOptOutSettings(), {
    stopWords: ['ALTO', 'Größe weg', 'रोकें', 'Both'],
    startWords: ['Sí', '  '],
    helpWords: ['Ayuda', 'both'],
  }),
);

const STOP_SMS = [
  'STOP',
  'stop',
  ' Stop. ',
  '"STOP"',
  'Stop!!',
  'STOP\u200b',
  'StopAll',
  'stop  all',
  'UNSUBSCRIBE',
  'Cancel',
  'end',
  'QUIT',
  'revoke',
  'OptOut',
  'opt-out',
  'opt out',
  'remove',
  'TD',
  'unsub',
  'ARRÊT',
  'arret',
  'arre\u0302te',
  'ＳＴＯＰ',
  'alto',
  '¡Alto!',
  'größe weg',
  'रोकें',
  'BOTH',
];

describe('OptOutWords', () => {
  it.each(STOP_SMS)('recognises "%s" as STOP', (text) => {
    expect(words.kindOf(text)).toBe('stop');
  });

  it.each(['START', 'unstop', 'Start.', 'SI', 'sí'])('recognises "%s" as START', (text) => {
    expect(words.kindOf(text)).toBe('start');
  });

  it.each(['HELP', 'help?', 'Info', 'aide', 'AYUDA'])('recognises "%s" as HELP', (text) => {
    expect(words.kindOf(text)).toBe('help');
  });

  it.each(['', ' ', '.', 'yes', 'please stop', "don't stop", 'the end', 'stop it', 'stop'.repeat(100)])(
    'recognises "%s" as an ordinary message',
    (text) => {
      expect(words.kindOf(text)).toBe('other');
    },
  );
});
