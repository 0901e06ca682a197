#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Walls: a room includes itself and lower rooms only; a library's header stands in the room that owns it only.
. "$(dirname "$0")/lib.sh"

order='base json keys net proof scan text record font qr paper form seal store issue serve cli'

# header (a regular expression) and the rooms that may include it
owners='
pthread\.h            base
openssl/(evp|crypto)\.h base seal
openssl/.*            seal
cjson/.*              json
sodium(/.*)?\.h       keys
p11-kit/.*            keys seal
seccomp\.h            keys
linux/landlock\.h     keys
sys/(prctl|syscall)\.h keys
curl/.*               net
zlib\.h               proof
zbar\.h               scan
png\.h                scan paper
jpeglib\.h            scan paper
jerror\.h             scan paper
unicode/.*            text
utf8proc\.h           text
(harfbuzz/)?hb(-.*)?\.h font
qrencode\.h           qr
hpdf.*\.h             paper
libdeflate\.h         paper
sqlite3\.h            store
libpq-fe\.h           store
microhttpd\.h         serve
'
# C17 and POSIX.1-2008: anybody's
free='(assert|complex|ctype|dlfcn|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|time|uchar|wchar|wctype|dirent|fcntl|fnmatch|ftw|glob|iconv|langinfo|netdb|poll|regex|sched|semaphore|spawn|strings|syslog|termios|unistd|arpa/inet|netinet/(in|tcp)|sys/(file|mman|random|resource|select|socket|stat|statvfs|time|types|uio|un|wait|xattr))\.h'

strangers=
for room in $(ls -d src/*/ 2>/dev/null | sed 's|src/||; s|/$||'); do
	case " $order " in *" $room "*) ;; *) strangers="$strangers src/$room" ;; esac
done
none 'every folder of src is a room of the order' "$strangers"

includes=$(find src -name '*.[ch]' 2>/dev/null | sort |
	xargs -r awk '/^[ \t]*#[ \t]*include/ { sub(/^[ \t]*#[ \t]*include[ \t]*/, ""); print FILENAME, FNR, $1 }')
[ -n "$includes" ] || not_ok 'src has includes'

none 'a room includes itself and lower rooms only' "$(printf '%s\n' "$includes" | awk -v order="$order" '
	BEGIN { n = split(order, rooms, " "); for (i = 1; i <= n; i++) rank[rooms[i]] = i }
	$3 ~ /^"/ {
		path = $3; gsub(/"/, "", path)
		split($1, mine, "/"); split(path, theirs, "/")
		if (!(theirs[1] in rank) || path !~ /\//)
			print $1 ":" $2 ": " $3 " is not named from its room"
		else if (rank[theirs[1]] > rank[mine[2]])
			print $1 ":" $2 ": " mine[2] " stands below " theirs[1]
	}')"

none 'a library stands in its own room only' "$(printf '%s\n' "$includes" | awk -v owners="$owners" -v free="$free" '
	BEGIN {
		n = split(owners, rows, "\n")
		for (i = 1; i <= n; i++) if (split(rows[i], w, " ") > 1) {
			re[++m] = "^" w[1] "$"
			for (j = 2; j in w; j++) may[m, w[j]] = 1
			delete w
		}
	}
	$3 ~ /^</ {
		path = $3; gsub(/[<>]/, "", path)
		split($1, mine, "/")
		if (path ~ "^" free "$") next
		known = allowed = 0
		for (i = 1; i <= m; i++) if (path ~ re[i]) { known = 1; if ((i, mine[2]) in may) allowed = 1 }
		if (!known) print $1 ":" $2 ": <" path "> is no header of C, POSIX or a library with a room"
		else if (!allowed) print $1 ":" $2 ": <" path "> has another room"
	}')"
finish
