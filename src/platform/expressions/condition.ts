import { Environment, EvaluationError, type ASTNode } from '@marcbachmann/cel-js';
import { foldId } from '../../domain/uid.js';
import { comparedWords, problemOf } from './compared-words.js';

/** What a condition may look at. */
export interface ConditionInput {
  readonly channel: string;
  readonly kind: string;
  readonly uid: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
  /** The moment that `now` and `hour` are taken from. */
  readonly now: Date;
}

/** An expression or a template that cannot be compiled. The message says what is wrong, and is meant for people. */
export class WrongExpression extends Error {
  override readonly name = 'WrongExpression';
}

/** A condition failed on what it was given, for another reason than a missing field. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';

  /** @param code a word of the language for what went wrong; holds nothing of the values. */
  constructor(readonly code: string) {
    super(code);
  }
}

/** @throws ConditionFailed */
export type Condition = (input: ConditionInput) => boolean;

const MAX_UNITS = 2_000;
/** Of the text that is compiled; how long one takes to run depends on them and on the event's size. */
const LIMITS = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 500,
  maxMapEntries: 50,
  maxCallArguments: 16,
};
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** A field that the event lacks, an item that a list lacks: the condition does not hold, and nothing is wrong. */
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
 * (of the day, UTC; other zones by `now.getHours("Europe/Berlin")`). It holds where its result is `true`, and nothing
 * else that counts as true elsewhere. A field that the event lacks makes it not hold.
 *
 * Two things of the language are left out, because no limit bounds their time on a text that a stranger has written:
 * `matches`, whose regular expressions backtrack here, and loops within loops.
 *
 * Ids are compared in lower case, as `lowerCaseIds` writes those of an event.
 *
 * @throws WrongExpression, also where a field is compared with what it never is.
 */
export function compileCondition(text: string): Condition {
  const holds = compileOver(environment, inLowerCase(text));
  return ({ now, ...rest }) => holds({ ...rest, now, hour: BigInt(now.getUTCHours()) });
}

/** A condition over other variables than those of an event. @throws ConditionFailed */
export type ScopedCondition = (scope: Readonly<Record<string, unknown>>) => boolean;

/**
 * The same language over other variables. An `int` among them is handed in as a bigint.
 *
 * @param variables their types in CEL, by name.
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

/** The same condition with the words of ids, channels and kinds as they are written in events. */
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

/** The library's own messages draw the expression and an arrow over several lines; `summary` is one line. */
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
