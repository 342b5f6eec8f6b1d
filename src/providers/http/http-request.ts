import type { HttpSmsSettings } from './http-settings.js';
import { WrongExpression } from '../../platform/expressions/condition.js';
import { escapingTemplates, TemplateFailed, type TextTemplate } from '../../platform/expressions/template.js';
import type { SendContext, SmsMessage } from '../provider.js';

/** One request, as the templates make it. @throws TemplateFailed */
export interface RequestTemplate {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly headers: (scope: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>;
  readonly path: TextTemplate;
  readonly body: TextTemplate | undefined;
}

/** Parts of the connection, and of no request of ours. */
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
/** Servers take 8 kB for all headers and more. */
const LONGEST_HEADER = 4_096;

const forUrl = escapingTemplates((value) => encodeURIComponent(value));
const forJson = escapingTemplates((value) => JSON.stringify(value).slice(1, -1));
const forXml = escapingTemplates((value) =>
  value
    // Characters that XML 1.0 has no way to write.
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
);
const asItIs = escapingTemplates((value) => value);
/** Nothing that ends a header, and no octets that servers read in different ways. */
const forHeader = escapingTemplates((value) =>
  value.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character)),
);

/** What templates are filled in with. */
export function scopeOf(
  message: SmsMessage,
  from: string | undefined,
  { deliveryId }: Pick<SendContext, 'deliveryId'>,
): Readonly<Record<string, unknown>> {
  const { address, text, reference, statusUrl, encoding, segments } = message;
  return { to: address.phno, from, text, deliveryId, reference, statusUrl, encoding, segments };
}

/** @throws Error naming the setting that is wrong, and nothing of what it holds: secrets stand in it. */
export function compileRequest(settings: HttpSmsSettings): RequestTemplate {
  const { origin, path } = compileUrl(settings.url);
  const texts = readHeaders(settings.headers);
  const { method, body } = settings;
  if (body === undefined) return { origin, headers: compileHeaders(texts), path, body: undefined };
  if (method === 'GET') throw new Error('body has no place in a GET');
  texts['content-type'] ??= looksLike(body);
  return { origin, headers: compileHeaders(texts), path, body: compileBody(body, texts['content-type']) };
}

/** A header whose template comes out empty is left out. */
function compileHeaders(texts: Readonly<Record<string, string>>): RequestTemplate['headers'] {
  const templates = Object.entries(texts).map(
    ([name, text]) =>
      [name, isTemplate(text) ? compile(`headers.${name}`, forHeader, text) : (): string => text] as const,
  );
  const fill: RequestTemplate['headers'] = (scope) => {
    const filled = templates.flatMap(([name, template]) => {
      const value = isTemplate(texts[name] ?? '') ? template(scope).trim() : template(scope);
      if (!HEADER_VALUE.test(value) || value.length > LONGEST_HEADER) throw new TemplateFailed('header');
      return value === '' && texts[name] !== '' ? [] : [[name, value] as const];
    });
    return Object.fromEntries(filled);
  };
  for (const [name, template] of templates)
    for (const probe of PROBES) fillProbe(`headers.${name}`, template, probe);
  return fill;
}

const isTemplate = (text: string): boolean => /\{\{|\{%/.test(text);

function compileUrl(url: string): { origin: string; path: TextTemplate } {
  const origin = /^https?:\/\/[^/?#\s{}@]+(?=[/?]|$)/.exec(url)?.[0];
  if (origin === undefined || !URL.canParse(origin)) {
    throw new Error('url has to begin with a host, without a template, user or password in it');
  }
  // A long one may stand on several lines.
  const rest = url
    .slice(origin.length)
    .replace(/(\{\{.*?\}\}|\{%.*?%\})|\s+/gs, (_, tag?: string) => tag ?? '');
  const template = compile('url', forUrl, rest.startsWith('/') ? rest : `/${rest}`);
  const path: TextTemplate = (scope) => {
    const filled = template(scope);
    // A text of dots alone would climb out of its place, and no escaping keeps it there.
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
  if (!/[/+]json$/.test(type)) return compile('body', asItIs, text);
  const template = compile('body', forJson, text);
  for (const probe of PROBES) {
    try {
      JSON.parse(fillProbe('body', template, probe));
    } catch {
      throw new Error('body is no JSON: texts stand between quotes, and are escaped without a filter');
    }
  }
  return template;
}

/** A body without `content-type` among its headers. */
function looksLike(body: string): string {
  if (/^\s*[[{](?![{%])/.test(body)) return 'application/json';
  return /^\s*</.test(body) ? 'application/xml' : 'application/x-www-form-urlencoded';
}

function readHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) {
    const name = key.toLowerCase();
    if (!HEADER_NAME.test(name)) throw new Error('headers has a name that is none');
    if (RESERVED_HEADERS.has(name)) throw new Error(`headers.${key} is set by the connection`);
    if (name in read) throw new Error(`headers.${key} is there twice`);
    if (typeof value !== 'string' || !HEADER_VALUE.test(value))
      throw new Error(`headers.${key} has to be a text of printable ASCII`);
    if (name === 'content-type' && isTemplate(value)) throw new Error(`headers.${key} takes no template`);
    read[name] = value;
  }
  return read;
}

/** What a hostile person might write, with all there is and with no more than there always is. */
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
    throw new Error(`${setting} is a template that cannot be filled in`);
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
  // The rest of the library's message quotes the template, so it is no cause of this one either.
  const where = /line:\d+, col:\d+/.exec(problem)?.[0];
  const tooLong = /^is longer than \d+ characters$/.exec(problem)?.[0];
  throw new Error(`${setting} ${tooLong ?? `is no template in Liquid${where ? ` (${where})` : ''}`}`);
}
