// What runs on the other host: a few lines for a POSIX shell, which need nothing of this program there.

/// Scripts about one log, each of which ends when its standard input does.
struct RemoteScripts {
  /// The line behind which a script speaks; what stands before is the other host's own.
  let marker: String
  private let log: String

  /// Scripts about the log with this path, which may hold anything: it is only ever a word in quotes.
  init(path: String, marker: String) {
    log = quotedShellWord(path)
    self.marker = marker
  }

  /// A command for whatever shell the user has there.
  private func command(_ script: String) -> String {
    "exec sh -c "
      + quotedShellWord(
        """
        l=\(log)
        printf '\\n%s\\n' \(marker)
        \(script)
        """)
  }

  /// Tells of the log, then takes a line `PID RUN_ID` (0 for a process that is not known) and tells twice a
  /// second what has changed.
  ///
  /// Its lines begin with a letter: `X` nothing to read, `U` host, `S` inode, size and process, `H` the
  /// log's first line, `N` norms, `E` the entry in the folder of live runs.
  var watch: String {
    command(
      """
      [ -f "$l" ] || { echo 'X no such file'; exit 0; }
      [ -r "$l" ] || { echo 'X not readable'; exit 0; }
      life() {
        if [ "$p" = 0 ]; then echo unknown
        elif [ -r "/proc/$p/stat" ]; then
          read -r x <"/proc/$p/stat"
          case $x in *') Z '*) echo gone ;; *) echo alive ;; esac
        elif kill -0 "$p" 2>/dev/null || ps -p "$p" >/dev/null 2>&1; then echo alive
        else echo gone
        fi
      }
      tell() {
        a=$(life)
        ls -din "$l" 2>/dev/null | { read -r i m k u g s t && echo "S $i $s $a"; }
      }
      p=0
      echo "U $(uname -n)"
      tell
      printf 'H '
      head -n 1 "$l"
      echo
      read -r p r || exit 0
      exec 3<&0
      (cat <&3; kill $$) >/dev/null 2>&1 &
      e=${MAXNORM_STATE-${XDG_STATE_HOME:-$HOME/.local/state}/maxnorm}/runs/$r.json
      n=0
      while :; do
        if [ -f "$l.norms" ] && [ ! -h "$l.norms" ]; then
          c=$(cksum <"$l.norms")
          if [ "$c" != "$b" ]; then b=$c; printf 'N '; cat "$l.norms"; fi
        fi 2>/dev/null
        n=$((n + 1))
        if [ $n = 2 ]; then
          n=0
          tell
          if [ "$a" = gone ] && [ -f "$e" ]; then printf 'E '; cat "$e"; fi
        fi
        sleep 0.5 2>/dev/null || sleep 1
      done
      """)
  }

  /// The log from a byte on, counted from 0, and what it grows by.
  func records(from offset: Int) -> String {
    command(
      """
      exec 3<&0
      (cat <&3; kill $$) >/dev/null 2>&1 &
      exec tail -c +\(offset + 1) -f "$l" 3<&-
      """)
  }

  /// Appends the lines of its input to the file of commands, one at a time; says `open` or `none` at first,
  /// and `none` once the run has taken the file away.
  ///
  /// The file is never made: it is opened once, after it was found.
  var commands: String {
    command(
      """
      c=$l.commands
      now() { [ -f "$c" ] && [ ! -h "$c" ] && ls -di "$c" 2>/dev/null | { read -r i t; echo "$i"; }; }
      f=$(now)
      if [ -n "$f" ] && [ -w "$c" ]; then exec 3>>"$c"; echo open; else echo none; exit 0; fi
      while IFS= read -r x; do
        if [ "$(now)" != "$f" ]; then echo none; exit 0; fi
        printf '%s\\n' "$x" >&3
      done
      """)
  }
}
