/** The pages of one's own account, loaded when one of them is opened. */
export { Appearance } from './appearance'
export { Profile } from './profile'
export { Security } from './security'
export { Work } from './work'
