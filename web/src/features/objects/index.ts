export { RecordPage } from './record-page'
export { RecordsPage } from './records-page'
