import { createNode, type NodeOptions } from 'nwaku-desktop'

// An application with a node in a process of its own, whose backend the second argument tells; it ends in the way that the first names.

const [, , way = '', backend = ''] = process.argv
const node = await createNode({ ...JSON.parse(backend) as NodeOptions, host: '127.0.0.1', clusterId: 16, shards: [32] })
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
