import { lazyPart } from '@/lib/lazy-part'
import type { CalendarProps } from './calendar-popup'
import { LazyPopup, type Popup } from './lazy-popup'

const CalendarPopup = lazyPart(() => import('./calendar-popup').then((part) => ({ default: part.CalendarPopup })))

/** A button that opens a month to choose a day from. */
export const Calendar = (props: Popup<CalendarProps>) => <LazyPopup part={CalendarPopup} kind="dialog" props={props} />
