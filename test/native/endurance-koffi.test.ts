import { describeEndurance } from './describe-endurance.js'

describeEndurance('koffi')
