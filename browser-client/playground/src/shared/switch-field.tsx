import { Switch } from 'radix-ui';
import { useId } from 'react';

interface SwitchFieldProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function SwitchField({ label, help, checked, disabled = false, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="switch-row">
      <div>
        <label className="switch-label" htmlFor={id}>
          {label}
        </label>
        <p className="field-help" id={`${id}-help`}>
          {help}
        </p>
      </div>
      <Switch.Root id={id} className="switch" checked={checked} disabled={disabled} aria-describedby={`${id}-help`} onCheckedChange={onChange}>
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
    </div>
  );
}
