/** What `--help` prints. */
export const help = `nwaku-desktop: a Waku node for desktop apps, in your terminal

Usage
  nwaku-desktop                        show what it does: nodes on this machine talk and catch up
  nwaku-desktop --listen               host a chat; prints the address that others connect to
  nwaku-desktop --connect <multiaddr>  join a chat; may be given several times
  nwaku-desktop fetch-libwaku          fetch the native library for this machine
  nwaku-desktop doctor                 tell whether the native backend works here, and what is missing
  (in a clone of the project: npm start -- followed by the same options)

Options of the chat
  --nick <name>     your name; asked for, or made up where nobody can be asked
  --room <name>     the room, 'lobby' by default: content topic /nwaku-desktop-chat/1/<room>/json
  --store <url>     where to keep the history: sqlite://<path> or postgres://user:password@host:port/database;
                    a host without it keeps the history in memory
  --host <ip>       IP address to listen on, 0.0.0.0 by default
  --port <number>   TCP port to listen on, a free one by default
  Type /help in the chat for what can be done there.

Options of fetch-libwaku
  --version <tag>   the release, v0.38.1 by default, or 'latest'
  --from <source>   a file or an address instead of what the release lists: a Debian package, a tar archive or the library
  --sha256 <hex>    the digest of that file; an address needs it, for a release it wins over the listed one
  --into <folder>   where the library goes; by default a folder of yours, where the native backend finds it
  HTTPS_PROXY and NO_PROXY are honoured; NWAKU_RELEASES_URL names a mirror of the releases API.

Options of every command
  --json            data as JSON, one object a line
  --verbose         the node's log and the stacks of errors on stderr
  -h, --help        this text
  --version         the version

Data goes to stdout, everything else to stderr. Ctrl-C or SIGTERM stops cleanly, a second one at once.

Exit codes
  0  done, or the chat was left     2  the command line is wrong     130  stopped by SIGINT
  1  it failed                      3  no backend can be loaded      143  stopped by SIGTERM
  doctor: 0 when the native backend works, 1 when only the JS backend does
`
