import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SmsContent } from '../../../domain/event.js';
import { SmsTextSettings } from '../../../platform/config/sms-settings.js';
import { composeSms } from './compose-sms.js';
import { draws } from '../../../../test/support/draws.js';

const settings = (changes: Partial<SmsTextSettings> = {}): SmsTextSettings =>
  Object.assign(new SmsTextSettings(), changes);
const content = (count: number, changes: Partial<SmsContent> = {}): SmsContent => ({
  to: { uid: 'bob' },
  messages: Array.from({ length: count }, () => ({ message: 'Hi' })),
  ...changes,
});
const SUSAN = { senderDetails: { uid: 'susan', name: ' Susan\nMarie ' } };
const HIKING = { groupDetails: { guid: 'g1', name: 'Hiking Group' } };
const textOf = (
  source: SmsContent,
  language?: string,
  changes: Partial<SmsTextSettings> = {},
): string | undefined =>
  composeSms({ content: source }, { appId: 'app1', language }, settings(changes))?.text;

describe('composeSms', () => {
  it('prefers the given text, then CometChat’s', () => {
    const both = { given: ' by a rule ', content: content(1, { smsContent: 'by CometChat' }) };
    const facts = { appId: 'app1' };
    expect(composeSms(both, facts, settings())).toEqual({
      text: 'by a rule',
      encoding: 'gsm7',
      segments: 1,
      dropped: [],
    });
    expect(composeSms({ ...both, given: ' \n' }, facts, settings())?.text).toBe('by CometChat');
    expect(textOf(content(1, { smsContent: ' \u00a0' }))).toBe('You have 1 new message.');
  });

  it('returns nothing without text and messages', () => {
    expect(textOf(content(0))).toBeUndefined();
    expect(textOf({ to: { uid: 'bob' }, messages: null, smsContent: null })).toBeUndefined();
    expect(composeSms({}, { appId: 'app1' }, settings())).toBeUndefined();
  });

  it.each([
    [1, 'en', 'You have 1 new message from Susan Marie.', 'You have 1 new message in Hiking Group.'],
    [2, 'en-GB', 'You have 2 new messages from Susan Marie.', 'You have 2 new messages in Hiking Group.'],
    [1, 'de', 'Sie haben 1 neue Nachricht von Susan Marie.', 'Sie haben 1 neue Nachricht in Hiking Group.'],
    [
      3,
      'de_AT',
      'Sie haben 3 neue Nachrichten von Susan Marie.',
      'Sie haben 3 neue Nachrichten in Hiking Group.',
    ],
    [1, 'es', 'Tienes 1 mensaje nuevo de Susan Marie.', 'Tienes 1 mensaje nuevo en Hiking Group.'],
    [2, 'es', 'Tienes 2 mensajes nuevos de Susan Marie.', 'Tienes 2 mensajes nuevos en Hiking Group.'],
    [
      1,
      'fr',
      'Vous avez 1 nouveau message de Susan Marie.',
      'Vous avez 1 nouveau message dans Hiking Group.',
    ],
    [
      2,
      'fr',
      'Vous avez 2 nouveaux messages de Susan Marie.',
      'Vous avez 2 nouveaux messages dans Hiking Group.',
    ],
    [1, 'it', 'Hai 1 nuovo messaggio da Susan Marie.', 'Hai 1 nuovo messaggio in Hiking Group.'],
    [2, 'it', 'Hai 2 nuovi messaggi da Susan Marie.', 'Hai 2 nuovi messaggi in Hiking Group.'],
    [1, 'pt', 'Tem 1 mensagem nova de Susan Marie.', 'Tem 1 mensagem nova em Hiking Group.'],
    [2, 'pt-BR', 'Tem 2 mensagens novas de Susan Marie.', 'Tem 2 mensagens novas em Hiking Group.'],
    [1, 'hi', 'Susan Marie से आपको 1 नया संदेश मिला है।', 'Hiking Group में आपके लिए 1 नया संदेश है।'],
    [2, 'hi', 'Susan Marie से आपको 2 नए संदेश मिले हैं।', 'Hiking Group में आपके लिए 2 नए संदेश हैं।'],
    [2, 'xx', 'You have 2 new messages from Susan Marie.', 'You have 2 new messages in Hiking Group.'],
  ])('reports %i new messages in %s', (count, language, fromSender, inGroup) => {
    expect(textOf(content(count, SUSAN), language)).toBe(fromSender);
    expect(textOf(content(count, { ...SUSAN, ...HIKING }), language)).toBe(inGroup);
  });

  it('reports messages of an unknown sender and appends the link', () => {
    expect(textOf(content(2), 'hi')).toBe('आपको 2 नए संदेश मिले हैं।');
    expect(textOf(content(2), undefined, { link: 'https://a.example' })).toBe(
      'You have 2 new messages. https://a.example',
    );
  });

  it('uses the app’s template for the exact language, its primary language or the default language', () => {
    const templates = {
      'pt-BR': 'Oi {{ count }}',
      pt: 'Olá {{ count }}',
      en: '{{ appId }}: {{ count }} {{ sender }}{{ group }} {{ link }}',
    };
    const link = 'https://a.example';
    const rendered = (
      language: string | undefined,
      others: Partial<SmsTextSettings> = {},
    ): string | undefined => textOf(content(2, SUSAN), language, { templates, link, ...others });
    expect(rendered('pt-br')).toBe('Oi 2');
    expect(rendered('pt-PT')).toBe('Olá 2');
    expect(rendered('de')).toBe('app1: 2 Susan Marie https://a.example');
    expect(rendered(undefined)).toBe('app1: 2 Susan Marie https://a.example');
    expect(rendered('de', { language: 'pt' })).toBe('Olá 2');
    expect(rendered('de', { language: 'it' })).toBe(`Sie haben 2 neue Nachrichten von Susan Marie. ${link}`);
    expect(rendered('xx', { language: 'it' })).toBe(`Hai 2 nuovi messaggi da Susan Marie. ${link}`);
  });

  it.each([
    ['renders empty', '{% if count > 5 %}many{% endif %}'],
    ['fails', '{% for i in (1..9999999) %}x{% endfor %}'],
  ])('uses the default text if the template %s', (_, template) => {
    expect(textOf(content(2), 'en', { templates: { en: template } })).toBe('You have 2 new messages.');
  });

  it('transliterates, cuts and counts segments', () => {
    const long = `“${'a'.repeat(200)}” https://a.example`;
    expect(composeSms({ given: long }, { appId: 'a' }, settings({ maxSegments: 1 }))).toEqual({
      text: `“${'a'.repeat(50)}… https://a.example`,
      encoding: 'ucs2',
      segments: 1,
      dropped: ['text'],
    });
    const plain = settings({ maxSegments: 2, transliterate: true });
    expect(composeSms({ given: long }, { appId: 'a' }, plain)).toEqual({
      text: `"${'a'.repeat(200)}" https://a.example`,
      encoding: 'gsm7',
      segments: 2,
      dropped: [],
    });
  });

  it('normalises line breaks and replaces invalid characters', () => {
    const given = 'a\r\nb\rc\u2028d\ud800\u0000e';
    expect(composeSms({ given }, { appId: 'a' }, settings())?.text).toBe('a\nb\nc\nd\ufffde');
  });

  it('stays within its segment limit and never splits a character', () => {
    const inputs = fc.string({
      unit: fc.oneof(fc.string(), fc.constantFrom('😀', '\ud83d', 'é', '“', '字')),
      maxLength: 900,
    });
    fc.assert(
      fc.property(
        inputs,
        fc.boolean(),
        fc.integer({ min: 1, max: 10 }),
        (given, transliterate, maxSegments) => {
          const sms = composeSms({ given }, { appId: 'a' }, settings({ maxSegments, transliterate }));
          if (sms === undefined) expect(given.replaceAll('\0', '').trim()).toBe('');
          else {
            expect(sms.segments).toBeLessThanOrEqual(maxSegments);
            expect(sms.text).not.toMatch(/\p{Surrogate}/u);
          }
        },
      ),
      draws(100),
    );
  });
});
