import type { HttpSmsSettings } from './http-settings.js';
import { WrongExpression } from '../../platform/expressions/condition.js';
import { escapingTemplates, TemplateFailed, type TextTemplate } from '../../platform/expressions/template.js';
import type { SendContext, SmsMessage } from '../provider.js';

/** A compiled request. @throws TemplateFailed */
export interface RequestTemplate {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly headers: (scope: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>;
  readonly path: TextTemplate;
  readonly body: TextTemplate | undefined;
}

/** Headers set by the connection. */
const RESERVED_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
]);
const CLIMBING = /(^|\/)(\.|%2e){1,2}(\/|$)/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** Servers accept 8 kB or more for all headers. */
const MAX_HEADER_LENGTH = 4_096;

const forUrl = escapingTemplates((value) => encodeURIComponent(value));
const forJson = escapingTemplates((value) => JSON.stringify(value).slice(1, -1));
const forXml = escapingTemplates((value) =>
  value
    // Characters that XML 1.0 cannot represent.
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
);
const unescaped = escapingTemplates((value) => value);
/** Percent-encodes line breaks and non-ASCII characters, which servers interpret differently. */
const forHeader = escapingTemplates((value) =>
  value.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character)),
);

/** Variables for the templates. */
export function scopeOf(
  message: SmsMessage,
  from: string | undefined,
  { deliveryId }: Pick<SendContext, 'deliveryId'>,
): Readonly<Record<string, unknown>> {
  const { address, text, reference, statusUrl, encoding, segments } = message;
  return { to: address.phno, from, text, deliveryId, reference, statusUrl, encoding, segments };
}

/** @throws Error naming the invalid setting without its value, which may contain secrets. */
export function compileRequest(settings: HttpSmsSettings): RequestTemplate {
  const { origin, path } = compileUrl(settings.url);
  const sources = readHeaders(settings.headers);
  const { method, body } = settings;
  if (body === undefined) return { origin, headers: compileHeaders(sources), path, body: undefined };
  if (method === 'GET') throw new Error('body is not allowed with GET');
  sources['content-type'] ??= looksLike(body);
  return { origin, headers: compileHeaders(sources), path, body: compileBody(body, sources['content-type']) };
}

/** Omits headers whose template renders an empty value. */
function compileHeaders(sources: Readonly<Record<string, string>>): RequestTemplate['headers'] {
  const templates = Object.entries(sources).map(
    ([name, text]) =>
      [name, isTemplate(text) ? compile(`headers.${name}`, forHeader, text) : (): string => text] as const,
  );
  const fill: RequestTemplate['headers'] = (scope) => {
    const filled = templates.flatMap(([name, template]) => {
      const value = isTemplate(sources[name] ?? '') ? template(scope).trim() : template(scope);
      if (!HEADER_VALUE.test(value) || value.length > MAX_HEADER_LENGTH) throw new TemplateFailed('header');
      return value === '' && sources[name] !== '' ? [] : [[name, value] as const];
    });
    return Object.fromEntries(filled);
  };
  for (const [name, template] of templates)
    for (const probe of PROBES) fillProbe(`headers.${name}`, template, probe);
  return fill;
}

export const isTemplate = (text: string): boolean => /\{\{|\{%/.test(text);

function compileUrl(url: string): { origin: string; path: TextTemplate } {
  const origin = /^https?:\/\/[^/?#\s{}@]+(?=[/?]|$)/.exec(url)?.[0];
  if (origin === undefined || !URL.canParse(origin)) {
    throw new Error('url must begin with a host without template, user or password');
  }
  // A long URL may span several lines.
  const rest = url
    .slice(origin.length)
    .replace(/(\{\{.*?\}\}|\{%.*?%\})|\s+/gs, (_, tag?: string) => tag ?? '');
  const template = compile('url', forUrl, rest.startsWith('/') ? rest : `/${rest}`);
  const path: TextTemplate = (scope) => {
    const filled = template(scope);
    // A value of dots could traverse to a parent path, and escaping does not prevent that.
    if (CLIMBING.test(filled.split('?')[0] ?? '')) throw new TemplateFailed('climbs');
    return filled;
  };
  for (const probe of PROBES) {
    const filled = fillProbe('url', path, probe);
    if (!/^[\x21-\x7e]*$/.test(filled)) throw new Error('url has characters that need percent-encoding');
    if (filled.includes('#')) throw new Error('url has a fragment, which is never sent');
  }
  return { origin: new URL(origin).origin, path };
}

function compileBody(text: string, contentType: string): TextTemplate {
  const type = contentType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (type === 'application/x-www-form-urlencoded') return compile('body', forUrl, text);
  if (/[/+]xml$/.test(type)) return compile('body', forXml, text);
  if (!/[/+]json$/.test(type)) return compile('body', unescaped, text);
  const template = compile('body', forJson, text);
  for (const probe of PROBES) {
    try {
      JSON.parse(fillProbe('body', template, probe));
    } catch {
      throw new Error('body is not JSON: put values between quotes; they are escaped without a filter');
    }
  }
  return template;
}

/** Guesses the type of a body without `content-type`. */
function looksLike(body: string): string {
  if (/^\s*[[{](?![{%])/.test(body)) return 'application/json';
  return /^\s*</.test(body) ? 'application/xml' : 'application/x-www-form-urlencoded';
}

/**
 * Headers with lower-case names.
 *
 * @param setting path of the headers, for the error.
 * @throws Error naming the invalid header without its value.
 */
export function readHeaders(
  headers: Readonly<Record<string, unknown>>,
  setting = 'headers',
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) {
    const name = key.toLowerCase();
    if (!HEADER_NAME.test(name)) throw new Error(`${setting} has an invalid name`);
    if (RESERVED_HEADERS.has(name)) throw new Error(`${setting}.${key} is set by the connection`);
    if (name in read) throw new Error(`${setting}.${key} is set twice`);
    if (typeof value !== 'string' || !HEADER_VALUE.test(value))
      throw new Error(`${setting}.${key} must be a string of printable ASCII`);
    if (name === 'content-type' && isTemplate(value))
      throw new Error(`${setting}.${key} cannot be a template`);
    read[name] = value;
  }
  return read;
}

/** Test input with hostile values: once with all variables, once with the required ones only. */
const PROBES: readonly Readonly<Record<string, unknown>>[] = [
  {
    ...{ to: '+14155550100', text: '"},\\ \n#?&=<{{ ü', deliveryId: 'd', reference: 'r', encoding: 'ucs2' },
    ...{ segments: 2, from: 'B"&#', statusUrl: 'https://example.com/status?secret=s&x=#' },
  },
  { to: '+14155550100', text: 'x', deliveryId: 'd', reference: 'r', encoding: 'gsm7', segments: 1 },
];

function fillProbe(
  setting: string,
  template: TextTemplate,
  probe: Readonly<Record<string, unknown>>,
): string {
  try {
    return template(probe);
  } catch {
    throw new Error(`${setting} cannot be rendered`);
  }
}

function compile(setting: string, by: (text: string) => TextTemplate, text: string): TextTemplate {
  let problem;
  try {
    return by(text);
  } catch (error) {
    if (!(error instanceof WrongExpression)) throw error;
    problem = error.message;
  }
  // The library's message quotes the template, so it is omitted, also as the cause.
  const where = /line:\d+, col:\d+/.exec(problem)?.[0];
  const tooLong = /^is longer than \d+ characters$/.exec(problem)?.[0];
  throw new Error(`${setting} ${tooLong ?? `is not a Liquid template${where ? ` (${where})` : ''}`}`);
}
