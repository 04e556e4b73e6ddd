import { lazyPart } from '@/lib/lazy-part'
import { LazyPopup, type Popup } from './lazy-popup'
import type { MenuProps } from './menu-popup'

const MenuPopup = lazyPart(() => import('./menu-popup').then((part) => ({ default: part.MenuPopup })))

export const preloadMenu = MenuPopup.preload

/** A button that opens a list of choices. */
export const Menu = (props: Popup<MenuProps>) => <LazyPopup part={MenuPopup} kind="menu" props={props} />
