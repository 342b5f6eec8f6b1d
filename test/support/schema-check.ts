import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';

/** What a request must look like. @returns what is wrong with it, the first fault only; undefined: nothing. */
export type SchemaCheck = (value: unknown) => string | undefined;

/**
 * Compiles a schema that was distilled by hand from a vendor's OpenAPI document. Fields that it does not name are
 * faults: a misspelt one would otherwise be passed over in silence.
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
