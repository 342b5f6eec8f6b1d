import type { ValidationError } from 'class-validator';
import type { Fault } from './gateway-error.js';

/** Flattens class-validator's tree into one line per fault, with paths such as `apps[0].push.providers[1].id`. */
export function toFaults(errors: readonly ValidationError[], parent = ''): Fault[] {
  return errors.flatMap((error) => {
    const path = joinPath(parent, error.property);
    const { isDefined, ...others } = error.constraints ?? {};
    // Nothing else is worth saying about what is missing.
    const failed = isDefined === undefined ? others : { isDefined };
    const problems = Object.entries(failed).map(([constraint, message]) =>
      constraint === 'whitelistValidation' ? 'is not a known key' : withoutProperty(message, error.property),
    );
    const own = [...new Set(problems)].map((problem) => ({ path, problem }));
    return [...own, ...toFaults(error.children ?? [], path)];
  });
}

function joinPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

/** "uid must be a string" -> "must be a string": the path already names the property. */
function withoutProperty(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
