export { SearchPage } from './search-page'
export { SearchPane } from './search-pane'
