import { compileCondition, WrongExpression } from '../expressions/condition.js';
import { compileTemplate } from '../expressions/template.js';
import { isMapping, Setting, type Problem, type SettingOptions } from './settings.decorators.js';

/** A CEL condition. */
export function ConditionSetting(options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'CEL condition' }, options, (value) =>
    typeof value === 'string' ? problemOf(() => compileCondition(value)) : 'must be a condition, as a string',
  );
}

/** A Liquid template of at most `maxLength` characters. */
export function TemplateSetting({
  maxLength = Infinity,
  ...options
}: SettingOptions & { readonly maxLength?: number }): PropertyDecorator {
  return Setting({ type: 'Liquid template' }, options, (value) => {
    if (typeof value !== 'string') return 'must be a string';
    if (value.length > maxLength) return `must have at most ${maxLength} characters`;
    return problemOfTemplate(value);
  });
}

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** A mapping from languages to templates. */
export function TemplatesByLanguageSetting(options: SettingOptions): PropertyDecorator {
  const problem: Problem = (value) => {
    if (!isMapping(value)) return 'must be a mapping';
    for (const [language, text] of Object.entries(value)) {
      if (!LANGUAGE.test(language))
        return `has the key ${language}, which is no language such as en or pt-BR`;
      if (typeof text !== 'string') return `has in ${language} a value that is not a string`;
      const problemInText = problemOfTemplate(text);
      if (problemInText !== undefined) return `has in ${language} a template that ${problemInText}`;
    }
    return undefined;
  };
  return Setting({ type: 'mapping', range: 'language: Liquid template' }, options, problem);
}

/** Problem of a template, as the end of a sentence; undefined: it is valid. */
export function problemOfTemplate(text: string): string | undefined {
  return problemOf(() => compileTemplate(text));
}

/** Reason for which something does not compile, as the end of a sentence; undefined: it compiles. */
export function problemOf(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof WrongExpression) return error.message;
    throw error;
  }
}
