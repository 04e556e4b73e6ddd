/** Names of people and teams in the text, as the API reads them: `data-mention="user:7"`. */
import { Mention } from '@tiptap/extension-mention'

export const DeskMention = Mention.extend({
  addAttributes() {
    return {
      id: { default: null, parseHTML: (element) => element.getAttribute('data-mention') },
      label: { default: null, parseHTML: (element) => element.textContent?.replace(/^@/, '') },
      mentionSuggestionChar: { default: '@', rendered: false },
    }
  },
  parseHTML: () => [{ tag: 'span[data-mention]' }],
  renderHTML: ({ node }) => ['span', { 'data-mention': node.attrs.id }, `@${node.attrs.label}`],
  renderText: ({ node }) => `@${node.attrs.label}`,
})
