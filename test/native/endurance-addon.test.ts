import { describeEndurance } from './describe-endurance.js'

describeEndurance('addon')
