import { Transform } from 'class-transformer';

/** A number that may also be written as text, as `${NAME}` always yields. */
export function NumberSetting(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : value,
  );
}

/** A switch that may also be written as text, as `${NAME}` always yields. */
export function BooleanSetting(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
}
