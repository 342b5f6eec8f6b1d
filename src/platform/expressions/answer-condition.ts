import { conditionsOver } from './condition.js';

/**
 * Compiles a CEL condition over a vendor's HTTP response: `status`, `headers`, `json` and `text`.
 *
 * @throws WrongExpression
 */
export const compileAnswerCondition = conditionsOver({
  status: 'int',
  headers: 'map',
  json: 'dyn',
  text: 'string',
});
