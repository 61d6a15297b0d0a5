import type { AmountUnit } from '../money/amount-text';
import { useText } from '../text/text';

const UNITS: readonly AmountUnit[] = ['short', 'exact'];

/** Chooses whether amounts are rounded or exact. */
export function UnitSwitch({ unit, onChange }: { unit: AmountUnit; onChange: (unit: AmountUnit) => void }) {
  const text = useText();
  return (
    <fieldset className="switch">
      <legend>{text.unit}</legend>
      {UNITS.map((one) => (
        <label key={one}>
          <input type="radio" name="unit" checked={one === unit} onChange={() => onChange(one)} />
          <span>{text.units[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}
