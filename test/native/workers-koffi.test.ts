import { describeWorkers } from './describe-workers.js'

describeWorkers('koffi')
