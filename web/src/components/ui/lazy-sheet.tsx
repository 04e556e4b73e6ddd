import type { ComponentProps } from 'react'
import { lazyPart } from '@/lib/lazy-part'
import { LazyOverlay } from './lazy-overlay'

const Part = lazyPart(() => import('./sheet').then((part) => ({ default: part.Sheet })))

export const preloadSheet = Part.preload

/** A sheet of a page that has it closed as a rule. */
export const LazySheet = (props: ComponentProps<typeof Part>) => <LazyOverlay part={Part} {...props} />
