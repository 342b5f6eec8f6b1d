import { Matches } from 'class-validator';

/** Why somebody does something, in their words, as the audit log keeps it. */
export const IsGivenReason = (): PropertyDecorator =>
  Matches(/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,200}$/u, {
    message: 'must be 1 to 200 characters without control characters',
  });
