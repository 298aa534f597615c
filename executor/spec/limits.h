/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a box may use. Plain values, one row each: names, units, parsing and
 * printing come from the rows, in options, profiles, JSON and the wire alike.
 */
#include "executor/base/err.h"
#include <stddef.h>
#include <stdint.h>

/* 0 means "not asked for": the profile's default applies. */
struct limits {
	uint64_t time_ms;     /* wall, first instruction to death of the tree */
	uint64_t cpu_time_ms; /* whole tree; default: time_ms */
	uint64_t memory_bytes; /* with tmpfs pages; swap is always 0 */
	uint64_t processes;    /* threads count, init does not */
	uint64_t output_bytes; /* kept of each stream */
	uint64_t disk_bytes;   /* of the box's one tmpfs */
	uint64_t files;        /* inodes of it */
	uint64_t open_files;   /* per process */
	uint64_t stack_bytes;  /* per process */
	uint64_t cpu_milli;    /* cpus in thousandths; 1000 is one */
};

enum limit_kind { LIMIT_TIME, LIMIT_SIZE, LIMIT_COUNT, LIMIT_MILLI };

struct limit_row {
	const char *name; /* option "cpu-time"; "_" for "-" in JSON and files */
	const char *json; /* in results: "cpu_time_ms" */
	enum limit_kind kind;
	size_t offset; /* in struct limits */
	const char *help;
};

/* The rows, ended by a NULL name. */
extern const struct limit_row limit_rows[];

/* The row of an option or setting name ("-" and "_" alike); NULL if none. */
const struct limit_row *limit_find(const char *name);

/* The value of a row; 0: not asked for. */
uint64_t limit_get(const struct limits *l, const struct limit_row *row);

/* Sets the value of a row, unchecked. */
void limit_put(struct limits *l, const struct limit_row *row, uint64_t value);

/* Reads "10s", "256M", "64", "1.5" by the row's kind; err->field = row name. */
int limit_parse(const struct limit_row *row, const char *text, uint64_t *value,
		struct err *err);

/* The text that limit_parse() reads back. */
const char *limit_format(const struct limit_row *row, uint64_t value, char *buf,
			 size_t size);

/* A default and a ceiling for every row. */
struct limit_ranges {
	struct limits def, max;
};

/*
 * Where `l` asks for nothing and `wish` for more than the default, takes the
 * wish, cut to the ceiling. For languages that need more than a profile gives.
 */
void limits_prefer(struct limits *l, const struct limits *wish,
		   const struct limit_ranges *r);

/*
 * Fills what `l` leaves 0 from the defaults and checks the rest against the
 * ceilings: -ERR_INVALID naming the field and the ceiling. Also refuses
 * disk >= memory (a default disk shrinks instead), and sets cpu_time to time
 * when neither names it.
 */
int limits_resolve(struct limits *l, const struct limit_ranges *r,
		   struct err *err);
