import { stateWord } from '../words.js';
import { Icon } from './icon.js';
import { lookOf, type Look, type StateKind } from './states.js';
import styles from './state-label.module.css';

interface StateLabelProps {
  readonly kind: StateKind;
  readonly state: string;
  /** In place of the state's word. */
  readonly text?: string | undefined;
}

/** A state as text, icon and colour. */
export function StateLabel({ kind, state, text }: StateLabelProps) {
  return <ToneLabel {...lookOf(kind, state)} text={text ?? stateWord(kind, state)} />;
}

/** A label whose state is not one of the API's. */
export function ToneLabel({ tone, icon, text }: Look & { readonly text: string }) {
  return (
    <span className={styles.label} data-tone={tone}>
      <Icon name={icon} size={12} />
      {text}
    </span>
  );
}
