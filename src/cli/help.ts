/** What `--help` prints. */
export const help = `nwaku-desktop: a Waku node for desktop apps, in your terminal

Usage
  nwaku-desktop                        show what it does: nodes on this machine talk and catch up
  nwaku-desktop --listen               host a chat; prints the address that others connect to
  nwaku-desktop --connect <multiaddr>  join a chat; may be given several times
  (in a clone of the project: npm start -- followed by the same options)

Options of the chat
  --nick <name>     your name; asked for, or made up where nobody can be asked
  --room <name>     the room, 'lobby' by default: content topic /nwaku-desktop-chat/1/<room>/json
  --store <url>     where to keep the history: sqlite://<path> or postgres://user:password@host:port/database;
                    a host without it keeps the history in memory
  --host <ip>       IP address to listen on, 0.0.0.0 by default
  --port <number>   TCP port to listen on, a free one by default
  Type /help in the chat for what can be done there.

Options of every command
  --json            data as JSON, one object a line
  --verbose         the node's log and the stacks of errors on stderr
  -h, --help        this text
  --version         the version

Data goes to stdout, everything else to stderr. Ctrl-C or SIGTERM stops cleanly, a second one at once.

Exit codes
  0  done, or the chat was left     2  the command line is wrong     130  the demo was stopped by SIGINT
  1  it failed                      3  no backend can be loaded      143  the demo was stopped by SIGTERM
`
