import { registerDecorator } from 'class-validator';
import { normaliseUid } from '../domain/uid.js';

/** A CometChat uid: 1 to 100 characters without spaces, case-insensitive. */
export function IsUid(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isUid',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && normaliseUid(value) !== undefined,
        defaultMessage: () => 'must be a uid of 1 to 100 characters without spaces',
      },
    });
  };
}
