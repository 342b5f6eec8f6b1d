import { ValidateBy } from 'class-validator';
import { compileCondition, WrongExpression } from '../expressions/condition.js';
import { compileTemplate } from '../expressions/template.js';

export function IsCondition(): PropertyDecorator {
  return hasNoProblem('isCondition', (value) =>
    typeof value === 'string' ? problemOf(() => compileCondition(value)) : 'must be a condition, as a text',
  );
}

export function IsTemplate(): PropertyDecorator {
  return hasNoProblem('isTemplate', (value) =>
    typeof value === 'string' ? problemOfTemplate(value) : 'must be a text',
  );
}

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** A mapping from languages to templates. */
export function HoldsTemplatesByLanguage(): PropertyDecorator {
  return hasNoProblem('holdsTemplatesByLanguage', (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a mapping';
    for (const [language, text] of Object.entries(value)) {
      if (!LANGUAGE.test(language))
        return `has the key ${language}, which is no language such as en or pt-BR`;
      if (typeof text !== 'string') return `has in ${language} something other than a text`;
      const problem = problemOfTemplate(text);
      if (problem !== undefined) return `has in ${language} a text that ${problem}`;
    }
    return undefined;
  });
}

export function hasNoProblem(
  name: string,
  problem: (value: unknown, block: object) => string | undefined,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown, args) => problem(value, args?.object ?? {}) === undefined,
      defaultMessage: (args) => problem(args?.value, args?.object ?? {}) ?? '',
    },
  });
}

/** What is wrong with a template, as the end of a sentence; undefined: nothing. */
export function problemOfTemplate(text: string): string | undefined {
  return problemOf(() => compileTemplate(text));
}

/** Why something cannot be compiled, as the end of a sentence; undefined: nothing is wrong. */
export function problemOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof WrongExpression) return error.message;
    throw error;
  }
}
