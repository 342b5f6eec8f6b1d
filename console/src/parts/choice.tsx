import { useId } from 'react';
import styles from './choice.module.css';

interface ChoiceProps<Value extends string> {
  /** The group's name. */
  readonly label: string;
  readonly options: readonly (readonly [value: Value, text: string])[];
  /** Undefined: none is chosen. */
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
  /** `joined`: beside each other in one frame; `small`: in little room. Default: three in a row. */
  readonly look?: 'joined' | 'small';
}

/** One of a few options, all of them in view. Longer lists are a `SelectField`. */
export function Choice<Value extends string>({ label, options, value, onChange, look }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.choice} data-look={look}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(([one, text]) => (
        <label key={one} className={styles.option}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
