import type { ASTNode } from '@marcbachmann/cel-js';
import { foldId } from '../../domain/uid.js';
import { ID_FIELDS } from './id-fields.js';

/** A string literal in a condition that is compared with a field of the event. */
export interface ComparedWord {
  /** The field, such as `details.sender`. */
  readonly field: string;
  readonly value: string;
  /** Compared as a whole (`==`, `!=`, `in`), not in part (such as `startsWith()`). */
  readonly isWhole: boolean;
  /** Position of the literal, quotes included. */
  readonly start: number;
  readonly end: number;
}

/** As `domain/notification.ts` has them. */
const CHANNELS = ['push', 'sms'];
const KINDS = ['chat', 'call', 'reaction', 'group_action', 'sms', 'api'];
const CLOSED: Readonly<Record<string, readonly string[]>> = { channel: CHANNELS, kind: KINDS };
const IDS = new Set(ID_FIELDS.map((path) => path.join('.')));

const COMPARISONS = new Set<string>(['==', '!=', 'in']);
const PARTS = new Set(['startsWith', 'endsWith', 'contains']);
/** A conversation id consists of two. May be empty, as in some webhooks. */
const ID = /^[^\s\p{Cc}\p{Cs}]{0,300}$/u;

/** The literals that a condition compares with ids, channels and kinds. */
export function comparedWords(node: unknown): ComparedWord[] {
  if (Array.isArray(node)) return node.flatMap(comparedWords);
  if (!isNode(node)) return [];
  const own = wordsOf(node);
  return [...own, ...comparedWords(node.args)];
}

/** Why a field can never equal the literal; undefined if it can. */
export function problemOf({ field, value, isWhole }: ComparedWord): string | undefined {
  const closed = CLOSED[field];
  const word = JSON.stringify(value);
  if (closed && isWhole && !closed.includes(foldId(value)))
    return `compares ${field} with ${word}, which it never is: it is one of ${closed.join(', ')}`;
  return closed || ID.test(value)
    ? undefined
    : `compares ${field} with ${word}, which is no id of CometChat's`;
}

function wordsOf(node: ASTNode): ComparedWord[] {
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    return PARTS.has(name) ? textsFor(receiver, args, false) : [];
  }
  if (!COMPARISONS.has(node.op)) return [];
  const [left, right] = node.args as [ASTNode, ASTNode];
  return [...textsFor(left, [right], true), ...textsFor(right, [left], true)];
}

function textsFor(subject: ASTNode, others: readonly ASTNode[], isWhole: boolean): ComparedWord[] {
  const field = fieldOf(subject);
  if (field === undefined || !(IDS.has(field) || Object.hasOwn(CLOSED, field))) return [];
  return others
    .flatMap((other) => (other.op === 'list' ? other.args : [other]))
    .flatMap(({ op, args, start, end }) =>
      op === 'value' && typeof args === 'string' ? [{ field, value: args, isWhole, start, end }] : [],
    );
}

/** `details.sender`, also in the form `details["sender"]`. */
function fieldOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [of, key] = node.args;
  const parent = fieldOf(of);
  const name = typeof key === 'string' ? key : key.op === 'value' ? key.args : undefined;
  return parent === undefined || typeof name !== 'string' ? undefined : `${parent}.${name}`;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
