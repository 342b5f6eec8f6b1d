import { useState } from 'react';
import { useMayChange } from '../api/session.js';
import { useSwitchVendor, VENDOR_STATES, type Vendor, type VendorState } from '../api/vendors.js';
import { stateWord, words, wordOf } from '../words.js';
import { Choice } from './choice.js';
import { Failure } from './notice.js';
import { StateLabel } from './state-label.js';
import styles from './vendor-switch.module.css';

const text = words.vendors;

interface VendorSwitchProps {
  readonly vendor: Vendor;
  /** Beside its state. */
  readonly name: string;
}

/** How a sandbox answers, and what happens next. An operator rehearses faults with it. */
export function VendorSwitch({ vendor, name }: VendorSwitchProps) {
  const { channel, provider, state } = vendor;
  const mayChange = useMayChange();
  const change = useSwitchVendor();
  // Shown from the click on, until the gateway has answered.
  const [wanted, setWanted] = useState<VendorState>();
  const switchTo = (next: VendorState): void => {
    setWanted(next);
    change.mutate({ ...vendor, state: next }, { onSettled: () => setWanted(undefined) });
  };
  return (
    <div className={styles.vendor}>
      <div className={styles.head}>
        <span className={styles.name}>{name}</span>
        <StateLabel kind="vendor" state={state} />
      </div>
      {mayChange && (
        <Choice
          look="small"
          label={text.label(wordOf('channels', channel), provider)}
          options={VENDOR_STATES.map((one) => [one, stateWord('vendor', one)] as const)}
          value={wanted ?? state}
          onChange={switchTo}
        />
      )}
      <p className={styles.next} role="status">
        {text.next[state]}
      </p>
      {change.isError && <Failure title={text.failed} error={change.error} />}
    </div>
  );
}
