import { textOf, type Fields } from './push-fields.js';

/** Fills the fields' texts into a text such as `{{senderName}}`; nothing for a field that is not there. */
export function fill(template: string, fields: Fields): string {
  return template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_whole, name: string) => textOf(fields, name));
}
