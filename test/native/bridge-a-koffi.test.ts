import { describeBridge } from './describe-bridge.js'

describeBridge('koffi', 'A')
