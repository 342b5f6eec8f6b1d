import { Field, type FieldProps } from './field.js';

/** A value with its text. */
export type Option = readonly [value: string, text: string];

interface SelectFieldProps<Value extends string> extends Omit<FieldProps, 'children'> {
  readonly options: readonly (readonly [value: Value, text: string])[];
  /** One of the URL that is no option is shown as it is. */
  readonly value: string;
  readonly onChange: (value: Value) => void;
  readonly className?: string | undefined;
}

/** A field with a list of options. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { options, value, onChange, className, ...field } = props;
  const choose = (text: string) => {
    const [chosen] = options.find(([one]) => one === text) ?? [];
    if (chosen !== undefined) onChange(chosen);
  };
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          className={className}
          value={value}
          onChange={({ target }) => choose(target.value)}
        >
          {!options.some(([one]) => one === value) && <option value={value}>{value}</option>}
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
