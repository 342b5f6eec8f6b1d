import { Matches } from 'class-validator';

/** An id in a query: 1 to 200 characters without control characters. */
export const IsWord = (): PropertyDecorator =>
  Matches(/^[^\p{Cc}\p{Cs}]{1,200}$/u, { message: 'must be 1 to 200 characters without control characters' });
