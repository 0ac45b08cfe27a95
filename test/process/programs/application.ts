import { createNode } from 'nwaku-desktop'

// An application with a node in a process of its own, which ends in the way that its argument names.

const [, , way = ''] = process.argv
const node = await createNode({ backend: 'js', isolation: 'process', host: '127.0.0.1', clusterId: 16, shards: [32] })
node.on('backend:exit', ({ reason }) => console.log(`lost: ${reason}`))
if (way !== 'is created only') await node.start()
console.log('ready')

switch (way) {
  case 'exits': process.exit(0); break
  case 'throws': throw new Error('on purpose')
  case 'closes':
    await node.close()
    console.log('closed')
    break
  case 'closes when it is interrupted':
    process.once('SIGINT', () => { void node.close().then(() => console.log('closed')) })
}
