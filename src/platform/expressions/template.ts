import { Context, Liquid, type Template } from 'liquidjs';
import { WrongExpression } from './condition.js';

/** A template failed at rendering or exceeded a limit. The code contains no values. */
export class TemplateFailed extends Error {
  override readonly name = 'TemplateFailed';
}

/**
 * Renders a template.
 *
 * @returns at most 5,120 UTF-16 units, without half surrogate pairs and U+0000, which PostgreSQL's jsonb refuses.
 * @throws TemplateFailed
 */
export type TextTemplate = (scope: Readonly<Record<string, unknown>>) => string;

const MAX_UNITS = 2_000;
/** Maximum message size of any vendor in bytes; a UTF-16 unit has at least one. */
const MAX_RESULT_UNITS = 5_120;
/** Maximum characters and list items that one rendering may create. */
const MEMORY_LIMIT = 500_000;
/** Template nodes that one rendering may visit, in loops once per iteration: about 100 ms of work. */
const STEP_LIMIT = 100_000;
const UNSTORABLE = /\p{Surrogate}|\0/gu;

/** Tags that read other templates from files. */
const TAGS_WITH_FILES = ['include', 'render', 'layout', 'block'];

const engine = newEngine();

function newEngine(escape?: (value: string) => string): Liquid {
  const made = new Liquid({
    // Only the event's own properties: no prototypes, files or globals.
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
    // Would bypass escaping.
    delete made.filters['raw'];
    // Would escape twice.
    delete made.tags['capture'];
  }
  return made;
}

/**
 * Limits a rendering by its steps. The library would limit its wall-clock time, so a paused process would fail a
 * template, and with it a message.
 */
class StepLimit {
  private steps = 0;

  /** Called before each step. @throws Error */
  check(): void {
    if (++this.steps > STEP_LIMIT) throw new Error('Too many steps.');
  }
}

/** @throws Error whose message may quote the rendered values. */
function render(template: Template[], scope: Readonly<Record<string, unknown>>, by: Liquid): string {
  // The library exports no class for such a limit to extend.
  const renderLimit = new StepLimit() as unknown as Context['renderLimit'];
  const context = new Context(scope, by.options, { sync: true }, { renderLimit, liquid: by });
  return String(by.renderSync(template, context));
}

/**
 * Compiles a template in Liquid (https://liquidjs.com): `{{ details.senderName }} wrote`. Fields that the scope lacks
 * render as nothing.
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
      // The library's messages may quote the rendered values.
      throw new TemplateFailed('failed');
    }
  };
}

/** Maximum length of a result: more than any escaped SMS needs. */
const MAX_REQUEST_UNITS = 65_536;

/**
 * Creates a compiler of templates for HTTP requests. Values are escaped for their position, after all filters. A result
 * that is too long fails instead of being cut.
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

/** The string that Liquid prints for a value. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Removes everything that the ledger cannot store. */
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
