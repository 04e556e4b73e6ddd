/** What is typed after a sign, `@` or `/`, while a list offers what fits: the plugin tells React, React draws the list. */
import { type Editor, Extension, type Range } from '@tiptap/core'
import { PluginKey } from '@tiptap/pm/state'
import { Suggestion, type SuggestionProps } from '@tiptap/suggestion'
import type { Ref } from 'react'

export interface Asked {
  query: string
  range: Range
  /** Where the sign stands on the screen. */
  rect: DOMRect | null
}

/** Whom a mention names. */
export interface Mentioned {
  /** `user:7` or `team:3`. */
  id: string
  label: string
}

/** A list beside the text, while the editor keeps the focus. */
export interface PickerHandle {
  /** Whether the key was for the list. */
  press: (event: KeyboardEvent) => boolean
  /** Nothing fits, and it shows nothing: what was typed are words. */
  away?: boolean
}

/** What a list of an editor is given. */
export interface ListProps extends Asked {
  ref: Ref<PickerHandle>
  /** Tells the editor which option the cursor is on. */
  onActive: (list: string, option: string | undefined) => void
}

interface Options {
  sign: string
  /** Names may have several words. */
  spaces: boolean
  ask: (asked: Asked | null) => void
  press: (event: KeyboardEvent) => boolean
}

const asked = ({ query, range, clientRect }: SuggestionProps): Asked => ({ query, range, rect: clientRect?.() ?? null })

export const suggest = ({ sign, spaces, ask, press }: Options) =>
  Extension.create({
    name: `suggest ${sign}`,
    // Before Enter makes a paragraph.
    priority: 1000,
    addProseMirrorPlugins() {
      return [
        Suggestion({
          editor: this.editor as Editor,
          pluginKey: new PluginKey(`suggest ${sign}`),
          char: sign,
          allowSpaces: spaces,
          decorationClass: 'suggestion',
          // Somebody who goes on writing does not choose any more.
          shouldShow: ({ query }) => query.length <= 40,
          render: () => ({
            onStart: (props) => ask(asked(props)),
            onUpdate: (props) => ask(asked(props)),
            onExit: () => ask(null),
            onKeyDown: ({ event }) => event.key !== 'Escape' && press(event),
          }),
        }),
      ]
    },
  })
