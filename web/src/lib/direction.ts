/** 1 where one reads from the left, -1 where one reads from the right: of which sign the way to a line's end is. */
export const towardsEnd = () => (document.documentElement.dir === 'rtl' ? -1 : 1)
