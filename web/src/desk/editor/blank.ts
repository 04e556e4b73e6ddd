/** Placeholders that nobody filled in, as `{{order number}}`. */
export const BLANK = /\{\{[^{}\n]{0,80}\}\}/g
