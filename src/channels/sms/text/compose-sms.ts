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
  /** Text made by a rule or the app's backend. */
  readonly given?: string | undefined;
  readonly content?: SmsContent | undefined;
}

export interface SmsTextFacts {
  readonly appId: string;
  /** The recipient's BCP 47 tag, if known. */
  readonly language?: string | undefined;
}

export interface ComposedSms {
  readonly text: string;
  readonly encoding: SmsEncoding;
  readonly segments: number;
  /** `text` or `link` if dropped or cut to fit `maxSegments`. */
  readonly dropped: readonly string[];
}

/** All become line feeds: a carriage return costs a character and is not visible. */
const LINE_BREAK = /\r\n?|[\u0085\u2028\u2029]/g;

/**
 * Composes an SMS from the given text, else CometChat's, else (if CometChat's template was empty) a line with the number
 * of unread messages and their sender.
 *
 * @returns undefined if there is nothing to say.
 */
export function composeSms(
  { given, content }: SmsTextSource,
  facts: SmsTextFacts,
  settings: SmsTextSettings,
): ComposedSms | undefined {
  const full =
    tidy(given) || tidy(content?.smsContent) || (content && tidy(newsText(content, facts, settings)));
  if (!full) return undefined;
  const plain = settings.transliterate ? transliterate(full).trim() || full : full;
  const { text, dropped } = cutToSegments(plain, settings.maxSegments);
  return { text, ...countSegments(text), dropped };
}

function tidy(text: string | null | undefined): string {
  return storable(text ?? '')
    .replace(LINE_BREAK, '\n')
    .trim();
}

function newsText(content: SmsContent, { appId, language }: SmsTextFacts, settings: SmsTextSettings): string {
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
  return fill(templateFor(settings, languages), scope) || `${defaultText(languages, news)} ${link}`;
}

const nameOf = (party: { readonly name?: string | null } | null | undefined): string =>
  party?.name?.trim().replace(/\s+/g, ' ') ?? '';

/** A language tag and its primary language: `pt` also serves `pt-BR`. */
function withPrimary(tag: string | undefined): string[] {
  if (tag === undefined) return [];
  const normal = tag.replaceAll('_', '-').toLowerCase();
  return [...new Set([normal, normal.split('-')[0] ?? normal])];
}

function defaultText(languages: readonly string[], news: SmsNews): string {
  const [text] = [...languages, 'en'].flatMap((language) => DEFAULT_TEXTS.get(language) ?? []);
  return text?.(news) ?? '';
}

const compiledByApp = new WeakMap<SmsTextSettings, ReadonlyMap<string, TextTemplate>>();

function templateFor(settings: SmsTextSettings, languages: readonly string[]): TextTemplate | undefined {
  let templates = compiledByApp.get(settings);
  if (!templates) {
    const entries = Object.entries(settings.templates);
    templates = new Map(entries.map(([tag, text]) => [tag.toLowerCase(), compileTemplate(text)]));
    compiledByApp.set(settings, templates);
  }
  for (const language of languages) {
    const template = templates.get(language);
    if (template) return template;
  }
  return undefined;
}

/** Empty if the template fails: the default text replaces it, so that the recipient still gets an SMS. */
function fill(template: TextTemplate | undefined, scope: Readonly<Record<string, unknown>>): string {
  try {
    return template?.(scope).trim() ?? '';
  } catch (error) {
    if (error instanceof TemplateFailed) return '';
    throw error;
  }
}
