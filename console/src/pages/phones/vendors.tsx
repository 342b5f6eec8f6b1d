import { useId, useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Failure } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { StateLabel } from '../../parts/state-label.js';
import { stateWord, words } from '../../words.js';
import { useSwitchVendor, type Vendor, type VendorState } from './queries.js';
import styles from './vendors.module.css';

const texts = words.phones.vendors;
const STATES = ['up', 'down', 'slow', 'over_quota', 'refusing'] as const satisfies readonly VendorState[];

/** The switches of an app's sandbox providers, each with what happens next. */
export function Vendors({ vendors }: { readonly vendors: readonly Vendor[] }) {
  return (
    <Section heading={texts.heading} isPanel>
      <p className={styles.text}>{texts.text}</p>
      {vendors.map((vendor) => (
        <VendorSwitch key={`${vendor.channel} ${vendor.provider}`} vendor={vendor} />
      ))}
    </Section>
  );
}

function VendorSwitch({ vendor }: { readonly vendor: Vendor }) {
  const { channel, provider, state } = vendor;
  const id = useId();
  const mayChange = useMayChange();
  const change = useSwitchVendor();
  const [wanted, setWanted] = useState<VendorState>();
  const switchTo = (next: VendorState) => {
    setWanted(next);
    change.mutate({ ...vendor, state: next }, { onSettled: () => setWanted(undefined) });
  };
  const channelWord = words.channels[channel] ?? channel;
  return (
    <div className={styles.vendor}>
      <div className={styles.head}>
        <span className={styles.name}>{texts.of(channelWord, provider)}</span>
        <StateLabel kind="vendor" state={state} />
      </div>
      {mayChange && (
        <fieldset className={styles.switch}>
          <legend className="visually-hidden">{texts.label(channelWord, provider)}</legend>
          {STATES.map((one) => (
            <label key={one} className={styles.state} data-state={one}>
              <input
                type="radio"
                name={id}
                checked={(wanted ?? state) === one}
                onChange={() => switchTo(one)}
              />
              {stateWord('vendor', one)}
            </label>
          ))}
        </fieldset>
      )}
      <p className={styles.next} role="status">
        {texts.next[state]}
      </p>
      {change.isError && <Failure title={texts.failed} error={change.error} />}
    </div>
  );
}
