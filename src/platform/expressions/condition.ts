import { Environment, EvaluationError, type ASTNode } from '@marcbachmann/cel-js';
import { foldId } from '../../domain/uid.js';
import { comparedWords, problemOf } from './compared-words.js';

/** The variables of a condition. */
export interface ConditionInput {
  readonly channel: string;
  readonly kind: string;
  readonly uid: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  /** Time of `now` and `hour`. */
  readonly now: Date;
}

/** An expression or template that cannot be compiled. The message is for operators. */
export class WrongExpression extends Error {
  override readonly name = 'WrongExpression';
}

/** A condition failed at evaluation, for another reason than a missing field. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';

  /** @param code the CEL error code; contains no values. */
  constructor(readonly code: string) {
    super(code);
  }
}

/** @throws ConditionFailed */
export type Condition = (input: ConditionInput) => boolean;

const MAX_UNITS = 2_000;
/** Limits of an expression; with the event's size they bound its run time. */
const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 500,
  maxMapEntries: 50,
  maxCallArguments: 16,
};
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Codes of a missing field or list item: the condition does not match, without an error. */
const ABSENT = new Set(['no_such_key', 'index_out_of_bounds']);

const environment = new Environment({ limits: LIMITS })
  .registerVariable('channel', 'string')
  .registerVariable('kind', 'string')
  .registerVariable('uid', 'string')
  .registerVariable('details', 'map')
  .registerVariable('data', 'map')
  .registerVariable('hour', 'int')
  .registerVariable('now', 'google.protobuf.Timestamp');

/**
 * Compiles a condition in CEL (https://cel.dev), over `channel`, `kind`, `uid`, `details`, `data`, `now` and `hour`
 * (of the day, UTC; other zones with `now.getHours("Europe/Berlin")`). It matches only if its result is `true`. A missing
 * field makes it not match.
 *
 * `matches` and nested loops are excluded, because their time on a stranger's input is unbounded: regular expressions
 * backtrack in JavaScript.
 *
 * Ids are compared in lower case, as `lowerCaseIds` writes them.
 *
 * @throws WrongExpression, also for a comparison that can never be true.
 */
export function compileCondition(text: string): Condition {
  const holds = compileOver(environment, inLowerCase(text));
  return ({ now, ...rest }) => holds({ ...rest, now, hour: BigInt(now.getUTCHours()) });
}

/** A condition over custom variables. @throws ConditionFailed */
export type ScopedCondition = (scope: Readonly<Record<string, unknown>>) => boolean;

/**
 * The same language over custom variables. Pass an `int` as a bigint.
 *
 * @param variables CEL types by name.
 * @returns a function that compiles a condition. @throws WrongExpression
 */
export function conditionsOver(
  variables: Readonly<Record<string, string>>,
): (text: string) => ScopedCondition {
  const own = new Environment({ limits: LIMITS });
  for (const [name, type] of Object.entries(variables)) own.registerVariable(name, type);
  return (text) => compileOver(own, text);
}

function compileOver(over: Environment, text: string): ScopedCondition {
  if (text.length > MAX_UNITS) throw new WrongExpression(`is longer than ${MAX_UNITS} characters`);
  const run = parse(over, text);
  refuseUnbounded(run.ast, false);
  const { type, error: fault } = run.check();
  if (fault) throw new WrongExpression(`is not a condition: ${describe(fault)}`);
  if (type !== 'bool' && type !== 'dyn')
    throw new WrongExpression(`is not a condition, but always a value of type ${type}`);
  return (scope) => {
    try {
      return run({ ...scope }) === true;
    } catch (error) {
      const code = error instanceof EvaluationError ? error.code : 'failed';
      if (ABSENT.has(code)) return false;
      throw new ConditionFailed(code);
    }
  };
}

/** The condition with its literals for ids, channels and kinds in the form used in events. */
function inLowerCase(text: string): string {
  if (text.length > MAX_UNITS) return text;
  const words = comparedWords(parse(environment, text).ast);
  for (const word of words) {
    const problem = problemOf(word);
    if (problem !== undefined) throw new WrongExpression(problem);
  }
  return words
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (changed, { value, start, end }) =>
        value === foldId(value)
          ? changed
          : `${changed.slice(0, start)}${JSON.stringify(foldId(value))}${changed.slice(end)}`,
      text,
    );
}

function parse(over: Environment, text: string): ReturnType<Environment['parse']> {
  try {
    return over.parse(text);
  } catch (error) {
    throw new WrongExpression(`cannot be read: ${describe(error)}`);
  }
}

/** The library's messages span several lines; `summary` is one line. */
function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'summary' in error) return String(error.summary);
  return error instanceof Error ? error.message : String(error);
}

function refuseUnbounded(node: unknown, inLoop: boolean): void {
  if (Array.isArray(node)) return node.forEach((part) => refuseUnbounded(part, inLoop));
  if (!isNode(node)) return;
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    if (name === 'matches') {
      throw new WrongExpression('uses matches(), which is not there: use contains(), startsWith() or ==');
    }
    const isLoop = LOOPS.has(name);
    if (isLoop && inLoop) throw new WrongExpression(`uses ${name}() within another loop`);
    refuseUnbounded(receiver, inLoop);
    return refuseUnbounded(args, inLoop || isLoop);
  }
  refuseUnbounded(node.args, inLoop);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
