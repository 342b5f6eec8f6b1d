import { useMayChange } from '../../api/session.js';
import { Field } from '../../parts/field.js';
import { Facts } from '../../parts/facts.js';
import { Failure } from '../../parts/notice.js';
import { StateLabel } from '../../parts/state-label.js';
import { toast } from '../../parts/toast-list.js';
import { stateWord, words } from '../../words.js';
import { useSwitchVendor, VENDOR_STATES, type Vendor } from './queries.js';
import styles from './providers.module.css';

const text = words.providers;

/** How a sandbox answers; an operator rehearses faults with it. */
export function VendorSwitch({ vendor }: { readonly vendor: Vendor }) {
  const { state, provider } = vendor;
  const change = useSwitchVendor();
  if (!useMayChange())
    return <Facts facts={[[text.vendor, <StateLabel key="state" kind="vendor" state={state} />]]} />;
  // While it is switched, the wanted state.
  const shown = change.isPending ? change.variables.state : state;
  const switchTo = (wanted: string) => {
    const next = VENDOR_STATES.find((one) => one === wanted);
    if (next)
      change.mutate(
        { ...vendor, state: next },
        { onSuccess: () => toast.done(text.switched(provider, stateWord('vendor', next))) },
      );
  };
  return (
    <div className={styles.vendor}>
      <Field label={text.vendor} hint={text.vendorHint[shown]}>
        {(control) => (
          <select {...control} value={shown} onChange={({ target }) => switchTo(target.value)}>
            {VENDOR_STATES.map((one) => (
              <option key={one} value={one}>
                {stateWord('vendor', one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {change.isError && <Failure title={text.switchFailed} error={change.error} />}
    </div>
  );
}
