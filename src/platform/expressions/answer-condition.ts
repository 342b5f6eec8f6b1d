import { conditionsOver } from './condition.js';

/**
 * Compiles a condition in CEL over a vendor's HTTP answer: `status`, `headers`, `json` and `text`.
 *
 * @throws WrongExpression
 */
export const compileAnswerCondition = conditionsOver({
  status: 'int',
  headers: 'map',
  json: 'dyn',
  text: 'string',
});
