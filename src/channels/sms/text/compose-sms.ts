import type { SmsContent } from '../../../domain/event.js';
import type { SmsEncoding } from '../../../domain/sms-encoding.js';
import type { SmsTextSettings } from '../../../platform/config/sms-settings.js';
import {
  compileTemplate,
  storable,
  TemplateFailed,
  type TextTemplate,
} from '../../../platform/expressions/template.js';
import { countSegments } from './count-segments.js';
import { cutToSegments } from './cut-to-segments.js';
import { DEFAULT_TEXTS, type SmsNews } from './default-texts.js';
import { transliterate } from './transliterate.js';

export interface SmsTextSource {
  /** A text that a rule or the app's backend made. */
  readonly given?: string | undefined;
  readonly content?: SmsContent | undefined;
}

export interface SmsTextFacts {
  readonly appId: string;
  /** The recipient's, as a BCP 47 tag, where it is known. */
  readonly language?: string | undefined;
}

/** A text as it is sent. */
export interface ComposedSms {
  readonly text: string;
  readonly encoding: SmsEncoding;
  readonly segments: number;
  /** What had to go so that it fits `maxSegments`: `text`, `link`. */
  readonly dropped: readonly string[];
}

/** Line breaks as every phone knows them: a carriage return would be paid for and not be seen. */
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029]/g;

/**
 * What a text says, and what it takes: the given words, or CometChat's own, or, where its template gave none, a line
 * that says how many messages wait and from whom.
 *
 * @returns undefined where there is nothing to say.
 */
export function composeSms(
  { given, content }: SmsTextSource,
  facts: SmsTextFacts,
  settings: SmsTextSettings,
): ComposedSms | undefined {
  const words = tidy(given) || tidy(content?.smsContent) || (content && tidy(tell(content, facts, settings)));
  if (!words) return undefined;
  const plain = settings.transliterate ? transliterate(words).trim() || words : words;
  const { text, dropped } = cutToSegments(plain, settings.maxSegments);
  return { text, ...countSegments(text), dropped };
}

function tidy(text: string | null | undefined): string {
  return storable(text ?? '')
    .replace(LINE_BREAK, '\n')
    .trim();
}

function tell(content: SmsContent, { appId, language }: SmsTextFacts, settings: SmsTextSettings): string {
  const count = content.messages?.length ?? 0;
  if (count === 0) return '';
  const news: SmsNews = {
    count,
    group: nameOf(content.groupDetails),
    sender: nameOf(content.senderDetails),
  };
  const link = settings.link ?? '';
  const languages = [language, settings.language].flatMap(withPrimary);
  const scope = { ...news, link, appId };
  return fill(templateFor(settings, languages), scope) || `${ownText(languages, news)} ${link}`;
}

const nameOf = (party: { readonly name?: string | null } | null | undefined): string =>
  party?.name?.trim().replace(/\s+/g, ' ') ?? '';

/** A language, and what it is a variety of: `pt-BR` is read by those who read `pt`. */
function withPrimary(tag: string | undefined): string[] {
  if (tag === undefined) return [];
  const normal = tag.replaceAll('_', '-').toLowerCase();
  return [...new Set([normal, normal.split('-')[0] ?? normal])];
}

function ownText(languages: readonly string[], news: SmsNews): string {
  const [text] = [...languages, 'en'].flatMap((language) => DEFAULT_TEXTS.get(language) ?? []);
  return text?.(news) ?? '';
}

/** Compiled once for each app. */
const compiled = new WeakMap<SmsTextSettings, ReadonlyMap<string, TextTemplate>>();

function templateFor(settings: SmsTextSettings, languages: readonly string[]): TextTemplate | undefined {
  let templates = compiled.get(settings);
  if (!templates) {
    const entries = Object.entries(settings.templates);
    templates = new Map(entries.map(([tag, text]) => [tag.toLowerCase(), compileTemplate(text)]));
    compiled.set(settings, templates);
  }
  for (const language of languages) {
    const template = templates.get(language);
    if (template) return template;
  }
  return undefined;
}

/** A template that fails, or comes out empty, leaves its place to the gateway's own text: nobody is missed for it. */
function fill(template: TextTemplate | undefined, scope: Readonly<Record<string, unknown>>): string {
  try {
    return template?.(scope).trim() ?? '';
  } catch (error) {
    if (error instanceof TemplateFailed) return '';
    throw error;
  }
}
