import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';

/** Validates a request. @returns the first fault; undefined for a valid request. */
export type SchemaCheck = (value: unknown) => string | undefined;

/**
 * Compiles a schema that was reduced by hand from a vendor's OpenAPI document. Unknown fields are faults, so that a
 * misspelt one is detected.
 */
export function schemaCheck(schema: AnySchema): SchemaCheck {
  const ajv = new Ajv({ strict: true, strictRequired: false });
  addFormats.default(ajv, ['uri', 'date-time']);
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`.trim();
  };
}
