import { LazyPopup, type Popup } from '@/components/ui/lazy-popup'
import { lazyPart } from '@/lib/lazy-part'
import type { PickerProps } from './picker-popup'

const PickerPopup = lazyPart(() => import('./picker-popup').then((part) => ({ default: part.PickerPopup })))

export const preloadPicker = PickerPopup.preload

/** A button that opens a list to choose from, found by typing. */
export const Picker = (props: Popup<PickerProps>) => <LazyPopup part={PickerPopup} kind="dialog" props={props} />
