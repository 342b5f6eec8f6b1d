import { ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import type { HttpSmsSettings } from '../../platform/config/sms-provider-settings.js';
import {
  ConditionFailed,
  conditionsOver,
  WrongExpression,
  type ScopedCondition,
} from '../../platform/expressions/condition.js';
import type { OutboundResponse } from '../../platform/outbound/outbound-client.js';
import { retryAfterMs } from '../retry-after.js';
import { isObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { httpVerdict } from './http-errors.js';

/** Reads an answer. @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured */
export type AnswerReader = (answer: OutboundResponse, reference: string) => SendResult;

const compileSuccess = conditionsOver({ status: 'int', headers: 'map', json: 'dyn', text: 'string' });
const LONGEST_ID = 256;

/**
 * How `idPath` and `successWhen` read what a gateway answers.
 *
 * @throws Error naming the setting that is wrong.
 */
export function compileAnswer({ idPath, successWhen }: HttpSmsSettings): AnswerReader {
  const steps = idPath === undefined ? undefined : parsePath(idPath);
  const holds = successWhen === undefined ? undefined : compileCondition(successWhen);
  const needsJson = steps !== undefined || /\bjson\b/.test(successWhen ?? '');

  return (answer, reference) => {
    const { status, headers, body: text } = answer;
    const isOk = status >= 200 && status < 300;
    const json = parse(text);
    const isSuccess = holds ? isMet(holds, answer, json) : isOk;
    if (isSuccess) {
      const id = steps ? idAt(json, steps) : reference;
      if (id !== undefined) return { outcome: 'accepted', vendorMessageId: id };
      // The condition is the operator's word for it that the text was taken.
      if (holds) return { outcome: 'accepted', vendorMessageId: reference };
    }
    const wait = retryAfterMs(headers['retry-after'], Date.now());
    if (!isOk) return conclude(httpVerdict(status), String(status), wait);
    // It says yes and not to what: a proxy's page, or half an answer.
    if (isSuccess || isSuccess === undefined || (needsJson && json === undefined))
      throw new ProviderUnavailable({ vendorCode: 'invalid_answer', mayHaveBeenSent: true });
    // It took nothing, and why is in words that only people read: another vendor, or a later try, may do better.
    throw new ProviderUnavailable({ vendorCode: 'not_successful', retryAfterMs: wait });
  };
}

/** Undefined: the condition fails on this answer. */
function isMet(holds: ScopedCondition, answer: OutboundResponse, json: unknown): boolean | undefined {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  );
  try {
    return holds({ status: BigInt(answer.status), headers, json: json ?? null, text: answer.body });
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
}

function compileCondition(text: string): ScopedCondition {
  try {
    return compileSuccess(text);
  } catch (error) {
    if (error instanceof WrongExpression) throw new Error(`successWhen ${error.message}`, { cause: error });
    throw error;
  }
}

type Step = string | number;

function parsePath(path: string): readonly Step[] {
  const isPath = /^(\[\d{1,4}\]|[^.[\]\s]+)(\.[^.[\]\s]+|\[\d{1,4}\])*$/.test(path);
  if (!isPath) throw new Error('idPath has to be a path, such as messages[0].id');
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) =>
    index === undefined ? step : Number(index),
  );
}

function idAt(json: unknown, steps: readonly Step[]): string | undefined {
  let at = json;
  for (const step of steps) {
    if (typeof step === 'number') at = Array.isArray(at) ? at[step] : undefined;
    else at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  // A number beyond this is no longer the one that was written.
  const id = typeof at === 'number' && Number.isSafeInteger(at) ? String(at) : at;
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID ? id : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
