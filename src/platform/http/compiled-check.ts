import { instanceToPlain, plainToInstance } from 'class-transformer';
import {
  getMetadataStorage,
  ValidationTypes,
  type MetadataStorage,
  type ValidationArguments,
} from 'class-validator';

type Fields = Readonly<Record<string, unknown>>;
type FieldsCheck = (fields: Fields) => boolean;
type Declaration = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

const { CONDITIONAL_VALIDATION, CUSTOM_VALIDATION, IS_DEFINED, NESTED_VALIDATION } = ValidationTypes;

/**
 * Compiles the class-validator declarations of a class into one function, for hot paths where reading them for each
 * value costs too much. `validated` accepts every value that the function accepts, with the same fields. A value that
 * it does not accept may still be valid: `validated` decides and reports the errors.
 *
 * @throws Error if the class has unsupported declarations or transforms values (a default, `@Transform`, `@Expose`,
 *   `@Exclude`).
 */
export function compiledCheck<T extends object>(type: new () => T): (value: unknown) => value is T {
  const check = compile(type);
  return (value): value is T => isFields(value) && hasOrdinaryKeys(value) && check(value);
}

function compile(type: new () => object): FieldsCheck {
  const storage = getMetadataStorage();
  const declared = storage.groupByPropertyName(storage.getTargetValidationMetadatas(type, '', false, false));
  const properties = Object.keys(declared);
  if (properties.length === 0) throw new Error(`${type.name} declares nothing.`);
  const probe = Object.fromEntries([...properties, 'another'].map((property) => [property, property]));
  const read = plainToInstance(type, probe, { exposeDefaultValues: true });
  const isUnchanged = [read, instanceToPlain(read)].every(
    (fields) => JSON.stringify(fields) === JSON.stringify(probe),
  );
  if (Object.keys(new type()).length > 0 || !isUnchanged) {
    throw new Error(`${type.name} changes what it reads.`);
  }
  return all(properties.map((property) => compileProperty(type, property, declared[property] ?? [])));
}

function compileProperty(
  type: new () => object,
  property: string,
  declarations: readonly Declaration[],
): FieldsCheck {
  const conditions: ((fields: Fields, value: unknown) => boolean)[] = [];
  const rules: ((value: unknown, fields: Fields) => boolean)[] = [];
  let isNested: ((value: unknown) => boolean) | undefined;
  for (const declaration of declarations) {
    const { type: kind, constraints } = declaration;
    if (kind === CONDITIONAL_VALIDATION) conditions.push(constraints[0] as (typeof conditions)[number]);
    else if (kind === CUSTOM_VALIDATION || kind === IS_DEFINED) rules.push(...rulesOf(type, declaration));
    else if (kind === NESTED_VALIDATION) isNested ??= nestedCheck(type, property);
    else throw new Error(`${type.name}.${property} has a declaration of an unknown kind (${kind}).`);
  }
  return (fields) => {
    const value = fields[property];
    for (const applies of conditions) if (!applies(fields, value)) return true;
    for (const rule of rules) if (!rule(value, fields)) return false;
    return isNested === undefined || value === undefined || isNested(value);
  };
}

function rulesOf(
  type: new () => object,
  { propertyName: property, constraintCls, constraints, each, validateIf }: Declaration,
): ((value: unknown, object: object) => boolean)[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ instance, async }) => {
      if (each || validateIf || async)
        throw new Error(`${type.name}.${property} has a rule of an unknown kind.`);
      const targetName = type.name;
      return (value, object) => {
        const about: ValidationArguments = { targetName, property, constraints, value, object };
        return instance.validate(value, about) === true;
      };
    });
}

function nestedCheck(type: new () => object, property: string): (value: unknown) => boolean {
  const read = plainToInstance(type, { [property]: {} });
  const nested: unknown = Reflect.get(read, property);
  if (typeof nested !== 'object' || nested === null || nested.constructor === Object) {
    throw new Error(`${type.name}.${property} has no @Type.`);
  }
  const check = compile(nested.constructor as new () => object);
  const isValid = (value: unknown): boolean => isFields(value) && check(value);
  return (value) => (Array.isArray(value) ? value.every(isValid) : isValid(value));
}

function all(checks: readonly FieldsCheck[]): FieldsCheck {
  return (fields) => {
    for (const check of checks) if (!check(fields)) return false;
    return true;
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** class-transformer drops or mishandles keys that every object has, such as `toString`. */
function hasOrdinaryKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasOrdinaryKeys);
  for (const key in value) {
    if (key in Object.prototype) return false;
    if (!hasOrdinaryKeys((value as Fields)[key])) return false;
  }
  return true;
}
