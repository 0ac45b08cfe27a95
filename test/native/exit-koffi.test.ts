import { describeExit } from './describe-exit.js'

describeExit('koffi')
