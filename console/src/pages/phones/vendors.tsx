import type { Vendor } from '../../api/vendors.js';
import { Section } from '../../parts/page.js';
import { VendorSwitch } from '../../parts/vendor-switch.js';
import { wordOf, words } from '../../words.js';

const text = words.vendors;

/** The switches of an app's sandbox providers. */
export function Vendors({ vendors }: { readonly vendors: readonly Vendor[] }) {
  return (
    <Section heading={text.heading} isPanel>
      <p className="quiet">{text.text}</p>
      {vendors.map((vendor) => (
        <VendorSwitch
          key={`${vendor.channel} ${vendor.provider}`}
          vendor={vendor}
          name={text.of(wordOf('channels', vendor.channel), vendor.provider)}
        />
      ))}
    </Section>
  );
}
