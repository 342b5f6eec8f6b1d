import {
  compileTemplate,
  TemplateFailed,
  type TextTemplate,
} from '../../../platform/expressions/template.js';
import type { Fields } from './push-fields.js';

/** Compiled templates by source. They come only from settings, so there are few. */
const compiled = new Map<string, TextTemplate>();

/** Renders a template such as `{{senderName}}` over the string fields; empty if rendering fails. */
export function fill(template: string, fields: Fields): string {
  const strings = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
  try {
    return templateOf(template)(strings);
  } catch (error) {
    if (!(error instanceof TemplateFailed)) throw error;
    return '';
  }
}

function templateOf(text: string): TextTemplate {
  const known = compiled.get(text);
  if (known) return known;
  const template = compileTemplate(text);
  compiled.set(text, template);
  return template;
}
