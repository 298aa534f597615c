/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that people write: sizes, times, counts, decimals. One grammar,
 * digits with at most one point and a unit; no sign, exponent, blank or locale.
 */
#include "executor/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *suffix;
	uint64_t scale;
};

static const struct unit size_units[] = {
	{ "", 1 },           { "K", 1ULL << 10 }, { "M", 1ULL << 20 },
	{ "G", 1ULL << 30 }, { NULL, 0 },
};
static const struct unit time_units[] = {
	{ "", 1000 },   { "ms", 1 },      { "s", 1000 },
	{ "m", 60000 }, { "h", 3600000 }, { NULL, 0 },
};
static const struct unit milli_units[] = { { "", 1000 }, { NULL, 0 } };
static const struct unit count_units[] = { { "", 1 }, { NULL, 0 } };

struct grammar {
	const struct unit *units;
	const char *what, *remedy;
};

static const struct grammar sizes = {
	size_units,
	"a size",
	"a size such as 64K, 256M or 1G",
};
static const struct grammar times = {
	time_units,
	"a time",
	"a time such as 250ms, 10s, 1.5m or 2h",
};
static const struct grammar decimals = {
	milli_units,
	"a decimal number",
	"a number such as 0.5 or 2",
};
static const struct grammar counts = {
	count_units,
	"a whole number",
	"digits only, such as 16",
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits into *value; false on overflow. */
static bool read_digits(const char **s, uint64_t *value)
{
	for (*value = 0; is_digit(**s); (*s)++) {
		uint64_t digit = (uint64_t)(**s - '0');

		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, digit, value))
			return false;
	}
	return true;
}

/* The part of `scale` that the digits after the point stand for. */
static uint64_t fraction(const char *s, uint64_t scale)
{
	uint64_t value = 0, power = 1;

	/* digits after the twelfth weigh less than one of any unit */
	for (; is_digit(*s) && power < 1000000000000; s++) {
		power *= 10;
		value = value * 10 + (uint64_t)(*s - '0');
	}
	return (uint64_t)((unsigned __int128)scale * value / power);
}

static const struct unit *find_unit(const struct unit *units, const char *s)
{
	while (units->suffix && strcmp(units->suffix, s) != 0)
		units++;
	return units->suffix ? units : NULL;
}

static int refuse(const struct grammar *g, const char *s, const char *why,
		  struct err *err)
{
	err_set(err, ERR_INVALID, "\"%.40s\" %s %s", s, why, g->what);
	err_try(err, "%s", g->remedy);
	return -ERR_INVALID;
}

static int parse(const struct grammar *g, const char *s, uint64_t *out,
		 struct err *err)
{
	const char *at = s, *point = NULL;
	const struct unit *unit;
	uint64_t value, part = 0;

	if (!is_digit(*at))
		return refuse(g, s, "is not", err);
	if (!read_digits(&at, &value))
		return refuse(g, s, "is too large for", err);
	if (*at == '.') {
		point = ++at;
		at += strspn(at, "0123456789");
		if (at == point)
			return refuse(g, s, "is not", err);
	}
	unit = find_unit(g->units, at);
	/* half a byte is a mistake, not a size */
	if (!unit || (point && unit->scale == 1))
		return refuse(g, s, "is not", err);
	if (point)
		part = fraction(point, unit->scale);
	if (__builtin_mul_overflow(value, unit->scale, &value) ||
	    __builtin_add_overflow(value, part, &value))
		return refuse(g, s, "is too large for", err);
	*out = value;
	return 0;
}

static int parse_positive(const struct grammar *g, const char *s, uint64_t *out,
			  struct err *err)
{
	uint64_t value;
	int rc = parse(g, s, &value, err);

	if (rc < 0)
		return rc;
	if (!value)
		return refuse(g, s, "is zero, which is no use as", err);
	*out = value;
	return 0;
}

int str_parse_size(const char *s, uint64_t *bytes, struct err *err)
{
	return parse_positive(&sizes, s, bytes, err);
}

int str_parse_time(const char *s, uint64_t *ms, struct err *err)
{
	return parse_positive(&times, s, ms, err);
}

int str_parse_uint(const char *s, uint64_t min, uint64_t max, uint64_t *out,
		   struct err *err)
{
	uint64_t value;
	int rc = parse(&counts, s, &value, err);

	if (rc < 0)
		return rc;
	if (value < min || value > max) {
		err_set(err, ERR_INVALID,
			"%" PRIu64 " is outside %" PRIu64 " to %" PRIu64, value,
			min, max);
		err_try(err, "a number from %" PRIu64 " to %" PRIu64, min, max);
		return -ERR_INVALID;
	}
	*out = value;
	return 0;
}

/* "1.5" for 1500 thousandths. */
static const char *format_milli(uint64_t milli, char *buf, size_t size)
{
	size_t len;

	if (milli % 1000 == 0) {
		snprintf(buf, size, "%" PRIu64, milli / 1000);
		return buf;
	}
	snprintf(buf, size, "%" PRIu64 ".%03d", milli / 1000,
		 (int)(milli % 1000));
	for (len = strlen(buf); len && buf[len - 1] == '0'; len--)
		buf[len - 1] = '\0';
	return buf;
}

int str_parse_milli(const char *s, uint64_t min, uint64_t max, uint64_t *out,
		    struct err *err)
{
	char low[32], high[32];
	uint64_t value;
	int rc = parse(&decimals, s, &value, err);

	if (rc < 0)
		return rc;
	if (value < min || value > max) {
		format_milli(min, low, sizeof(low));
		format_milli(max, high, sizeof(high));
		err_set(err, ERR_INVALID, "%.40s is outside %s to %s", s, low,
			high);
		err_try(err, "a number from %s to %s", low, high);
		return -ERR_INVALID;
	}
	*out = value;
	return 0;
}

const char *str_format_size(uint64_t bytes, char *buf, size_t size)
{
	const struct unit *unit = &size_units[3];

	while (bytes % unit->scale || (!bytes && unit->scale > 1))
		unit--;
	snprintf(buf, size, "%" PRIu64 "%s", bytes / unit->scale, unit->suffix);
	return buf;
}

const char *str_format_time(uint64_t ms, char *buf, size_t size)
{
	char seconds[32];

	if (ms < 1000)
		snprintf(buf, size, "%" PRIu64 "ms", ms);
	else if (ms % 3600000 == 0)
		snprintf(buf, size, "%" PRIu64 "h", ms / 3600000);
	else if (ms % 60000 == 0)
		snprintf(buf, size, "%" PRIu64 "m", ms / 60000);
	else
		snprintf(buf, size, "%ss",
			 format_milli(ms, seconds, sizeof(seconds)));
	return buf;
}
