/** Pages and panes that are loaded when they are first shown: search, customers and the desk's own objects. */
import { lazyPart } from '@/lib/lazy-part'

const customers = () => import('@/features/customers')
const objects = () => import('@/features/objects')
const search = () => import('@/features/search')

export const SearchPage = lazyPart(() => search().then(({ SearchPage }) => ({ default: SearchPage })))
export const SearchPane = lazyPart(() => search().then(({ SearchPane }) => ({ default: SearchPane })))
export const PeoplePage = lazyPart(() => customers().then(({ PeoplePage }) => ({ default: PeoplePage })))
export const CustomerPage = lazyPart(() => customers().then(({ CustomerPage }) => ({ default: CustomerPage })))
export const CustomersPane = lazyPart(() => customers().then(({ CustomersPane }) => ({ default: CustomersPane })))
export const OrganizationsPage = lazyPart(() =>
  customers().then(({ OrganizationsPage }) => ({ default: OrganizationsPage })),
)
export const OrganizationPage = lazyPart(() =>
  customers().then(({ OrganizationPage }) => ({ default: OrganizationPage })),
)
export const RecordsPage = lazyPart(() => objects().then(({ RecordsPage }) => ({ default: RecordsPage })))
export const RecordPage = lazyPart(() => objects().then(({ RecordPage }) => ({ default: RecordPage })))
