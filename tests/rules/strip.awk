# SPDX-License-Identifier: Apache-2.0
# C source without comments and without what stands in quotes; every line is kept, behind "file:line:".
FNR == 1 { comment = 0 }
{
	out = ""
	n = length($0)
	for (i = 1; i <= n; i++) {
		two = substr($0, i, 2)
		c = substr($0, i, 1)
		if (comment) {
			if (two == "*/") {
				comment = 0
				i++
			}
		} else if (two == "/*") {
			comment = 1
			i++
		} else if (two == "//") {
			break
		} else if (c == "\"" || c == "'") {
			for (j = i + 1; j <= n && substr($0, j, 1) != c; j++)
				if (substr($0, j, 1) == "\\")
					j++
			out = out c c
			i = j
		} else {
			out = out c
		}
	}
	print FILENAME ":" FNR ":" out
}
