import { messages } from '@/lib/messages'
import en from './en'

export const t = await messages(en, { de: () => import('./de') })
