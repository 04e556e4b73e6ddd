/** What is opened from a queue: not in its first script, but loaded before anybody is likely to ask for it. */
import { lazyPart } from '@/lib/lazy-part'

export const ActPicker = lazyPart(() => import('./act-picker').then((part) => ({ default: part.ActPicker })))
export const RowMenu = lazyPart(() => import('./row-menu').then((part) => ({ default: part.RowMenu })))
export const ViewDialog = lazyPart(() => import('./view-dialog').then((part) => ({ default: part.ViewDialog })))
export const DisplayPopup = lazyPart(() => import('./display-popup').then((part) => ({ default: part.DisplayPopup })))
export const BulkPanel = lazyPart(() => import('./bulk-panel').then((part) => ({ default: part.BulkPanel })))

export function preloadQueueParts() {
  for (const part of [ActPicker, RowMenu, ViewDialog, DisplayPopup, BulkPanel]) void part.preload()
}
