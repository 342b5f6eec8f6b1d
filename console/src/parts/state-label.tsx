import { stateWord } from '../words.js';
import { Icon, type IconName } from './icon.js';
import { lookOf, type StateKind, type Tone } from './states.js';
import styles from './state-label.module.css';

interface StateLabelProps {
  readonly kind: StateKind;
  readonly state: string;
  /** In place of the state's word. */
  readonly text?: string | undefined;
}

/** A state as text, icon and colour. */
export function StateLabel({ kind, state, text }: StateLabelProps) {
  const { tone, icon } = lookOf(kind, state);
  return <ToneLabel tone={tone} icon={icon} text={text ?? stateWord(kind, state)} />;
}

/** A label whose state is not one of the API's. */
export function ToneLabel({
  tone,
  icon,
  text,
}: {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: string;
}) {
  return (
    <span className={styles.label} data-tone={tone}>
      <Icon name={icon} size={12} />
      {text}
    </span>
  );
}
