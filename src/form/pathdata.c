/* SPDX-License-Identifier: Apache-2.0 */
#include "form/pathdata.h"

#include <math.h>
#include <stdlib.h>

enum {
	NUMBER_MAX = 32, /* characters */
	OPERANDS_MAX = 6,
	EXPONENT_ENOUGH = 1000 /* to be zero or beyond any limit */
};

static const double VALUE_MAX = 1e6;
static const double FAR_MM = 1e5; /* no page reaches there, and PDF hardly */

struct place {
	double x, y;
};

struct walk {
	struct art_pen *pen;
	const struct art_matrix *m;
	struct place at, start; /* the current point, and where its subpath began */
	struct place control;   /* the last control point of the curve before */
	char before;            /* upper-case letter of that command */
	bool far;               /* a point came to stand where no page is */
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && digit(s.p[at + n]))
		n++;
	return n;
}

static void separator_skip(struct str *rest)
{
	size_t n = 0;
	bool comma = false;

	while (n < rest->n && (blank(rest->p[n]) || (rest->p[n] == ',' && !comma))) {
		comma |= rest->p[n] == ',';
		n++;
	}
	*rest = str_skip(*rest, n);
}

/* Length of the number in front; 0 when there is none. */
static size_t number_length(struct str s)
{
	size_t sign = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	size_t whole = digits(s, sign), n = sign + whole, fraction = 0, exponent;

	if (n < s.n && s.p[n] == '.') {
		fraction = digits(s, n + 1);
		n += fraction > 0 ? 1 + fraction : 0;
	}
	if (whole + fraction == 0)
		return 0;
	if (n < s.n && (s.p[n] == 'e' || s.p[n] == 'E')) {
		sign = n + 1 < s.n && (s.p[n + 1] == '-' || s.p[n + 1] == '+') ? 1 : 0;
		exponent = digits(s, n + 1 + sign);
		n += exponent > 0 ? 1 + sign + exponent : 0;
	}
	return n;
}

/* Digits by hand: strtod asks the locale what a decimal point is. */
static double number_value(struct str s)
{
	double value = 0, sign = 1;
	int scale = 0, exponent = 0, down = 1;
	size_t i = 0;

	if (s.p[i] == '-' || s.p[i] == '+')
		sign = s.p[i++] == '-' ? -1 : 1;
	for (bool fraction = false; i < s.n && (digit(s.p[i]) || s.p[i] == '.'); i++) {
		if (s.p[i] == '.') {
			fraction = true;
			continue;
		}
		value = value * 10 + (s.p[i] - '0');
		scale -= fraction;
	}
	if (i < s.n) {
		i++;
		if (s.p[i] == '-' || s.p[i] == '+')
			down = s.p[i++] == '-' ? -1 : 1;
		for (; i < s.n && exponent < EXPONENT_ENOUGH; i++)
			exponent = exponent * 10 + (s.p[i] - '0');
	}
	scale += down * exponent;
	return sign * (scale < 0 ? value / pow(10, -scale) : value * pow(10, scale));
}

bool pathdata_number(struct str *rest, double *out)
{
	size_t n = number_length(*rest);

	if (n == 0 || n > NUMBER_MAX)
		return false;
	*out = number_value((struct str){ rest->p, n });
	*rest = str_skip(*rest, n);
	separator_skip(rest);
	return fabs(*out) <= VALUE_MAX;
}

/* ---- drawing ---- */

/* On the page, in hundredths of a millimetre: finer than any press, and a fifth of the bytes less than thousandths. */
static struct place moved(struct walk *w, struct place p)
{
	art_point(w->m, &p.x, &p.y);
	if (fabs(p.x) < FAR_MM && fabs(p.y) < FAR_MM)
		return (struct place){ round(p.x * 100) / 100, round(p.y * 100) / 100 };
	w->far = true; /* not a number, too */
	return (struct place){ 0, 0 };
}

static void line_to(struct walk *w, struct place to)
{
	struct place p = moved(w, to);

	art_line(w->pen, p.x, p.y);
	w->at = to;
}

static void curve_to(struct walk *w, struct place c1, struct place c2, struct place to)
{
	struct place a = moved(w, c1), b = moved(w, c2), p = moved(w, to);
	const double points[6] = { a.x, a.y, b.x, b.y, p.x, p.y };

	art_curve(w->pen, points);
	w->at = to;
}

/* A quadratic curve is a cubic one (control points two thirds of the way). */
static void quadratic_to(struct walk *w, struct place c, struct place to)
{
	struct place from = w->at;

	curve_to(w,
		 (struct place){ from.x + (c.x - from.x) * 2 / 3, from.y + (c.y - from.y) * 2 / 3 },
		 (struct place){ to.x + (c.x - to.x) * 2 / 3, to.y + (c.y - to.y) * 2 / 3 }, to);
	w->control = c;
}

/* The control point of the curve before, mirrored; the current point when it was no such curve. */
static struct place mirrored(const struct walk *w, char one, char other)
{
	if (w->before != one && w->before != other)
		return w->at;
	return (struct place){ 2 * w->at.x - w->control.x, 2 * w->at.y - w->control.y };
}

static void command_draw(struct walk *w, char command, const struct place *p)
{
	switch (command) {
	case 'M':
		w->at = w->start = p[0];
		art_move(w->pen, moved(w, p[0]).x, moved(w, p[0]).y);
		break;
	case 'C':
		curve_to(w, p[0], p[1], p[2]);
		w->control = p[1];
		break;
	case 'S':
		curve_to(w, mirrored(w, 'C', 'S'), p[0], p[1]);
		w->control = p[0];
		break;
	case 'Q':
		quadratic_to(w, p[0], p[1]);
		break;
	case 'T':
		quadratic_to(w, mirrored(w, 'Q', 'T'), p[0]);
		break;
	case 'Z':
		art_close(w->pen);
		w->at = w->start;
		break;
	default: /* L, H and V */
		line_to(w, p[0]);
		break;
	}
	w->before = command;
}

/* How many numbers a command takes; -1 for none of ours. */
static int operands(char command)
{
	static const struct {
		char letter;
		int count;
	} table[] = { { 'M', 2 }, { 'L', 2 }, { 'H', 1 }, { 'V', 1 }, { 'C', 6 },
		      { 'S', 4 }, { 'Q', 4 }, { 'T', 2 }, { 'Z', 0 } };

	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (table[i].letter == command)
			return table[i].count;
	}
	return -1;
}

/* The points of one command from its numbers; `relative`: about the current point. */
static bool command_read(const struct walk *w, char command, bool relative, struct str *rest,
			 struct place *points)
{
	struct place from = relative ? w->at : (struct place){ 0, 0 };
	double v[OPERANDS_MAX];
	int count = operands(command);

	for (int i = 0; i < count; i++) {
		if (!pathdata_number(rest, &v[i]))
			return false;
	}
	if (command == 'H' || command == 'V') {
		points[0] = w->at;
		*(command == 'H' ? &points[0].x : &points[0].y) =
			v[0] + (command == 'H' ? from.x : from.y);
		return true;
	}
	for (int i = 0; i + 1 < count; i += 2)
		points[i / 2] = (struct place){ from.x + v[i], from.y + v[i + 1] };
	return true;
}

static bool starts_number(struct str s)
{
	return s.n > 0 && (digit(s.p[0]) || s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '.');
}

/* A letter and all the groups of numbers behind it; those behind the first M are lines (§8.3.2). */
static bool commands_draw(struct walk *w, char letter, struct str *rest)
{
	static const char upper[] = "MLHVCSQTZ", lower[] = "mlhvcsqtz";
	const char *small = letter != 0 ? strchr(lower, letter) : NULL;
	bool relative = small != NULL;
	char command = letter;
	struct place points[OPERANDS_MAX / 2];

	if (relative)
		command = upper[small - lower];
	if (operands(command) < 0 || (w->before == 0 && command != 'M'))
		return false;
	do {
		if (!command_read(w, command, relative, rest, points))
			return false;
		command_draw(w, command, points);
		if (command == 'M')
			command = 'L';
	} while (command != 'Z' && starts_number(*rest));
	return true;
}

bool pathdata_draw(struct art_pen *pen, struct str data, const struct art_matrix *m, struct err *e)
{
	struct walk w = { .pen = pen, .m = m };
	struct str rest = data;

	separator_skip(&rest);
	while (rest.n > 0) {
		size_t at = data.n - rest.n;
		char letter = rest.p[0];

		rest = str_skip(rest, 1);
		separator_skip(&rest);
		if (letter == 'A' || letter == 'a')
			return err_input(e, "SVG-PATH",
					 "byte %zu of the path: arcs are not taken; use curves",
					 at + 1);
		if (!commands_draw(&w, letter, &rest))
			return err_input(
				e, "SVG-PATH",
				"byte %zu of the path: must be one of M L H V C S Q T Z and its numbers",
				at + 1);
		if (w.far)
			return err_input(e, "SVG-PATH",
					 "byte %zu of the path: leads further than any page",
					 at + 1);
	}
	return true;
}
