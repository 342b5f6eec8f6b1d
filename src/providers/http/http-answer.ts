import { ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import type { HttpSmsSettings } from './http-settings.js';
import { compileAnswerCondition } from '../../platform/expressions/answer-condition.js';
import {
  ConditionFailed,
  WrongExpression,
  type ScopedCondition,
} from '../../platform/expressions/condition.js';
import type { HttpResponse } from '../http-client/http-client.js';
import { acceptedAs, answerOf } from '../vendor-answer.js';
import { conclude, refuse } from '../verdict.js';
import { asCode, compileField } from './answer-field.js';
import { httpVerdict } from './http-errors.js';
import { outcomeVerdict } from './outcome-verdict.js';

/** Interprets a response. @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured */
export type AnswerReader = (answer: HttpResponse, reference: string) => SendResult;

const MAX_ID_LENGTH = 256;

/**
 * Compiles the response settings of a gateway's block.
 *
 * @throws Error naming the invalid setting.
 */
export function compileAnswer(settings: HttpSmsSettings): AnswerReader {
  const { successWhen } = settings;
  const idIn = compileField('id', { path: settings.idPath, pattern: settings.idPattern });
  const codeIn = compileField('code', { path: settings.codePath, pattern: settings.codePattern });
  const rows = settings.outcomes.map(({ when, ...row }, index) => ({
    holds: compileCondition(`outcomes[${index}].when`, when),
    verdict: outcomeVerdict(row),
  }));
  const holds = successWhen === undefined ? undefined : compileCondition('successWhen', successWhen);
  const needsJson = settings.idPath !== undefined || /\bjson\b/.test(successWhen ?? '');

  return (answer, reference) => {
    const { status, body: text } = answer;
    const isOk = status >= 200 && status < 300;
    const json = parse(text);
    const id = (): string | undefined => readableId(idIn?.(json, text));
    const code = (otherwise: string): string => asCode(codeIn?.(json, text)) ?? otherwise;
    const words = answerOf(answer);

    const asked = rows.map((row) => ({ ...row, isMet: isMet(row.holds, answer, json) }));
    const row = asked.find((one) => one.isMet === true);
    if (row?.verdict) return conclude(row.verdict, code(isOk ? 'not_successful' : String(status)), words);
    // The operator's condition states that the SMS was accepted.
    if (row) return acceptedAs(id() ?? reference, answer);

    const isSuccess = holds ? isMet(holds, answer, json) : isOk;
    // A row whose condition failed might have meant a refusal.
    const isDoubtful = !holds && asked.some((one) => one.isMet === undefined);
    if (isSuccess && !isDoubtful) {
      const found = idIn ? id() : reference;
      if (found !== undefined) return acceptedAs(found, answer);
      if (holds) return acceptedAs(reference, answer);
    }
    if (!isOk) return conclude(httpVerdict(status), code(String(status)), words);
    // 2xx without a message id: a proxy page, a truncated body, or a response that no row matches.
    if (isSuccess !== false || (needsJson && json === undefined)) {
      // JSON comes from the gateway itself and concerns this SMS only.
      const addressOnly = typeof json === 'object' && json !== null;
      throw new ProviderUnavailable({
        vendorCode: 'invalid_answer',
        mayHaveBeenSent: true,
        addressOnly,
        answer: words,
      });
    }
    return conclude(refuse('message_refused'), code('not_successful'), words);
  };
}

/** Undefined if the condition fails on this response. */
export function isMet(holds: ScopedCondition, answer: HttpResponse, json: unknown): boolean | undefined {
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

/** @throws Error naming the invalid setting. */
export function compileCondition(setting: string, text: string): ScopedCondition {
  try {
    return compileAnswerCondition(text);
  } catch (error) {
    if (error instanceof WrongExpression) throw new Error(`${setting} ${error.message}`, { cause: error });
    throw error;
  }
}

function readableId(id: string | undefined): string | undefined {
  return id !== undefined && id !== '' && id.length <= MAX_ID_LENGTH ? id : undefined;
}

/** The JSON in a response; undefined if it has none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
