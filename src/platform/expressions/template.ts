import { Context, Liquid, type Template } from 'liquidjs';
import { WrongExpression } from './condition.js';

/** A template failed on what it was given, or took more than it may. The code holds nothing of the values. */
export class TemplateFailed extends Error {
  override readonly name = 'TemplateFailed';
}

/**
 * Fills a template in.
 *
 * @returns at most 5,120 UTF-16 units, without half surrogate pairs and U+0000, which PostgreSQL's jsonb refuses.
 * @throws TemplateFailed
 */
export type TextTemplate = (scope: Readonly<Record<string, unknown>>) => string;

const MAX_UNITS = 2_000;
/** No vendor takes a message of more bytes, and a unit has one at least. */
const MAX_RESULT_UNITS = 5_120;
/** Units of text and items of lists that one run may make. */
const MEMORY_LIMIT = 500_000;
/** Pieces of a template that one run may render, each turn of a loop anew: some 100 ms of work. */
const STEP_LIMIT = 100_000;
const UNSTORABLE = /\p{Surrogate}|\0/gu;

/** These read other templates, from files. */
const TAGS_WITH_FILES = ['include', 'render', 'layout', 'block'];

const engine = newEngine();

function newEngine(escape?: (value: string) => string): Liquid {
  const made = new Liquid({
    // Nothing but what the event itself has: no prototypes, no files, no globals.
    ownPropertyOnly: true,
    templates: {},
    globals: {},
    strictFilters: true,
    timezoneOffset: 0,
    parseLimit: MAX_UNITS,
    memoryLimit: MEMORY_LIMIT,
    ...(escape ? { outputEscape: (value: unknown) => escape(storable(textOf(value))) } : {}),
  });
  for (const tag of TAGS_WITH_FILES) delete made.tags[tag];
  if (escape) {
    // This one would pass a value by the escaping.
    delete made.filters['raw'];
    // And this one would escape it twice.
    delete made.tags['capture'];
  }
  return made;
}

/**
 * Bounds a run by its steps in place of its time, which the library would bound: a process that pauses for a moment must
 * not fail a template, and with it a message.
 */
class StepLimit {
  private steps = 0;

  /** Called before each step. @throws Error */
  check(): void {
    if (++this.steps > STEP_LIMIT) throw new Error('Too many steps.');
  }
}

/** @throws Error which may quote what was being rendered. */
function render(template: Template[], scope: Readonly<Record<string, unknown>>, by: Liquid): string {
  // The library exports no class that such a limit could extend.
  const renderLimit = new StepLimit() as unknown as Context['renderLimit'];
  const context = new Context(scope, by.options, { sync: true }, { renderLimit, liquid: by });
  return String(by.renderSync(template, context));
}

/**
 * Compiles a template in Liquid (https://liquidjs.com): `{{ details.senderName }} wrote`. What the scope lacks is
 * filled in as nothing.
 *
 * @throws WrongExpression
 */
export function compileTemplate(text: string): TextTemplate {
  const template = parse(text);
  return (scope) => {
    try {
      const result = render(template, scope, engine);
      return storable(result.slice(0, MAX_RESULT_UNITS));
    } catch {
      // The library's messages may quote what was being rendered.
      throw new TemplateFailed('failed');
    }
  };
}

/** The result may be so long: more than any text takes, however it is escaped. */
const MAX_REQUEST_UNITS = 65_536;

/**
 * Makes compilers of templates for requests to others, whose values are escaped for the place where they stand after
 * all filters have run. A result that is too long fails, rather than being cut.
 *
 * @returns a function that compiles a template. @throws WrongExpression, whose message may quote the template.
 */
export function escapingTemplates(escape: (value: string) => string): (text: string) => TextTemplate {
  const own = newEngine(escape);
  return (text) => {
    const template = parse(text, own);
    return (scope) => {
      let result;
      try {
        result = render(template, scope, own);
      } catch {
        throw new TemplateFailed('failed');
      }
      if (result.length > MAX_REQUEST_UNITS) throw new TemplateFailed('too_long');
      return result;
    };
  };
}

/** As Liquid prints a value. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** A text as the ledger can keep it. */
export function storable(text: string): string {
  return text.replace(UNSTORABLE, (unit) => (unit === '\0' ? '' : '\ufffd'));
}

function parse(text: string, by: Liquid = engine): Template[] {
  if (text.length > MAX_UNITS) throw new WrongExpression(`is longer than ${MAX_UNITS} characters`);
  try {
    return by.parse(text);
  } catch (error) {
    throw new WrongExpression(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
