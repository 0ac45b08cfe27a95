import { describeWorkers } from './describe-workers.js'

describeWorkers('addon')
