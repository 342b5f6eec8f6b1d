import {
  compileTemplate,
  TemplateFailed,
  type TextTemplate,
} from '../../../platform/expressions/template.js';
import type { Fields } from './push-fields.js';

/** Templates by their text. Only settings hold any, so there are few. */
const compiled = new Map<string, TextTemplate>();

/** Renders a template such as `{{senderName}}` over the fields that are texts; empty if rendering fails. */
export function fill(template: string, fields: Fields): string {
  const texts = Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string'));
  try {
    return templateOf(template)(texts);
  } catch (error) {
    if (!(error instanceof TemplateFailed)) throw error;
    return '';
  }
}

function templateOf(text: string): TextTemplate {
  const known = compiled.get(text);
  if (known) return known;
  const made = compileTemplate(text);
  compiled.set(text, made);
  return made;
}
