export default {
  openPane: 'Opens the list of views',
}
