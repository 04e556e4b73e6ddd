import clsx from 'clsx'
import type { InputHTMLAttributes } from 'react'

/** Native, for the sake of long lists; `some` shows that only a part is chosen. */
export function Checkbox({
  some = false,
  className,
  ...rest
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> & { some?: boolean }) {
  return (
    <input
      {...rest}
      type="checkbox"
      ref={(input) => {
        if (input) input.indeterminate = some
      }}
      className={clsx('checkbox', className)}
    />
  )
}
