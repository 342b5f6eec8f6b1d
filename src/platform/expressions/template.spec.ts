import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { WrongExpression } from './condition.js';
import { compileTemplate, escapingTemplates, TemplateFailed } from './template.js';
import { draws } from '../../../test/support/draws.js';

const fill = (text: string, scope: Record<string, unknown> = {}): string => compileTemplate(text)(scope);

describe('a template', () => {
  it.each([
    ['{{ details.senderName | upcase }} wrote', 'ANN wrote'],
    ['{% if details.count > 1 %}{{ details.count }} files{% else %}A file{% endif %}', '3 files'],
    ['{{ details.body | truncate: 6 }}', 'Hel...'],
    ['no fields', 'no fields'],
    ['{{ details.missing }}', ''],
    ['{{ details.constructor.name }}{{ details.__proto__ }}{{ details.toString }}', ''],
    ['{{ process }}{{ globalThis }}{{ require }}', ''],
  ])('%s: %s', (text, expected) => {
    const details = { senderName: 'Ann', count: 3, body: 'Hello, world' };
    expect(fill(text, { details })).toBe(expected);
  });

  it.each([
    ['{{ details.body', 'not closed'],
    ['{% if %}', 'invalid value expression'],
    ['{{ details.body | nosuch }}', 'undefined filter: nosuch'],
    ['{% include "x" %}', 'tag "include" not found'],
    ['{% render "/etc/passwd" %}', 'tag "render" not found'],
    ['{% layout "x" %}', 'tag "layout" not found'],
    ['x'.repeat(2_001), 'is longer than 2000 characters'],
  ])('%.60s is refused: %s', (text, problem) => {
    expect(() => compileTemplate(text)).toThrow(WrongExpression);
    expect(() => compileTemplate(text)).toThrow(problem);
  });

  it.each([
    '{% for i in (1..100000000) %}{{ i }}{% endfor %}',
    '{% for i in (1..9000) %}{% for j in (1..9000) %}{{ j }}{% endfor %}{% endfor %}',
    '{% assign x = "ab" %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
  ])('that would run for ever is stopped: %s', (text) => {
    // One that ran to its end would give a text.
    expect(() => fill(text)).toThrow(TemplateFailed);
  });

  it('that would run through lists within lists for ever is stopped', () => {
    const text =
      '{% for a in list %}{% for b in list %}{% for c in list %}{% for d in list %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}';
    expect(() => fill(text, { list: Array.from({ length: 200 }, (_, n) => n) })).toThrow(TemplateFailed);
  });

  it('gets done however long the process pauses meanwhile', () => {
    let ms = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (ms += 60_000));
    try {
      expect(fill('{% for i in (1..3) %}{{ i }}{{ body }}{% endfor %}', { body: 'x' })).toBe('1x2x3x');
    } finally {
      clock.mockRestore();
    }
  });

  it('fails without revealing its values', () => {
    const details = { body: 'a secret '.repeat(60_000) };
    const text = '{{ details.body | append: details.body }}';
    expect(() => fill(text, { details })).toThrow(new TemplateFailed('failed'));
  });

  it('gives a text that can be kept, whatever it was filled with', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ unit: 'binary', maxLength: 6_000 }), (value, body) => {
        let text = '';
        try {
          text = fill('{{ value }} {{ body }}', { value, body: `${body}\0\ud83d` });
        } catch (error) {
          // A value without a string form (`{"toString":{}}`) fails the template, without details.
          expect(() => String(value)).toThrow(TypeError);
          expect(error).toEqual(new TemplateFailed('failed'));
        }
        expect(text.length).toBeLessThanOrEqual(5_120);
        expect(text).not.toMatch(/\p{Surrogate}|\0/u);
      }),
      draws(100),
    );
  });
});

describe('a template for a request', () => {
  const compile = escapingTemplates((value) => `<${value}>`);

  it.each([
    ['a{{ text }}b', 'a<x y>b'],
    ['{{ text | upcase | append: "!" }}', '<X Y!>'],
    ['{% echo text %}', '<x y>'],
    ['{% liquid echo text %}', '<x y>'],
    ['{% cycle text, "b" %}', '<x y>'],
    ['{% assign copy = text %}{{ copy }}', '<x y>'],
    ['{% for word in words %}{{ word }}{% endfor %}', '<x><y>'],
    ['{{ words }}', '<xy>'],
    ['{{ count }}{{ missing }}', '<5><>'],
    ['{% raw %}{{ text }}{% endraw %}', '{{ text }}'],
  ])('escapes what %s fills in, and nothing else', (text, expected) => {
    expect(compile(text)({ text: 'x y', words: ['x', 'y'], count: 5 })).toBe(expected);
  });

  it.each(['{{ text | raw }}', '{% capture x %}{{ text }}{% endcapture %}', '{% render "x" %}', '{{ text'])(
    'refuses %s',
    (text) => {
      expect(() => compile(text)).toThrow(WrongExpression);
    },
  );

  it('hands only whole characters to the escaping', () => {
    expect(compile('{{ text }}')({ text: 'a\0b\ud83d' })).toBe('<ab\ufffd>');
  });

  it('fails rather than being cut', () => {
    expect(compile('{{ text }}')({ text: 'x'.repeat(65_534) })).toHaveLength(65_536);
    expect(() => compile('{{ text }}')({ text: 'x'.repeat(65_535) })).toThrow(TemplateFailed);
  });

  it('leaves other templates alone', () => {
    expect(compileTemplate('{{ text }}{{ text | raw }}')({ text: 'a' })).toBe('aa');
  });
});
