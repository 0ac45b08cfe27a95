import { openArchive } from '../../../src/archive/open-archive.js'
import { makeMessage } from '../../helpers/make-message.js'

// Opens an archive, inserts without waiting, and leaves it open: the call must be answered, and then the process end by itself.
const archive = await openArchive(`sqlite://${process.argv[2] ?? ''}`)
archive.insert([makeMessage()]).then((numNew) => console.log(`kept ${numNew}`), console.error)
