import type { ReactNode } from 'react'

/** How the dialog draws a field with its label and what is wrong with it. */
export interface Labelled {
  labelled: (
    id: string,
    label: string,
    path: string,
    control: ReactNode,
    /** `group`: of several controls, which no label can be for. */
    more?: { group?: boolean; required?: boolean },
  ) => ReactNode
  describe: (
    id: string,
    path: string,
  ) => { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }
}
