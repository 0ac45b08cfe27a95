import { describeBridge } from './describe-bridge.js'

describeBridge('addon', 'A')
