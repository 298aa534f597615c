/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of limits and what follows from them: parsing, printing, filling
 * defaults, refusing what is over a ceiling. Adding a limit is one row here and
 * one field in the header; enforcing it is the business of jail/.
 */
#include "executor/spec/limits.h"

#include "executor/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROW(name, json, kind, member, help)                                    \
	{                                                                      \
		name, json, kind, offsetof(struct limits, member), help        \
	}

const struct limit_row limit_rows[] = {
	ROW("time", "time_ms", LIMIT_TIME, time_ms,
	    "wall time of the program and all it starts"),
	ROW("cpu-time", "cpu_time_ms", LIMIT_TIME, cpu_time_ms,
	    "cpu time of all its processes together; else as --time"),
	ROW("memory", "memory_bytes", LIMIT_SIZE, memory_bytes,
	    "memory of all its processes and files together; swap is off"),
	ROW("processes", "processes", LIMIT_COUNT, processes,
	    "processes and threads at a time"),
	ROW("output", "output_bytes", LIMIT_SIZE, output_bytes,
	    "kept of standard output, and of standard error"),
	ROW("disk", "disk_bytes", LIMIT_SIZE, disk_bytes,
	    "size of /workspace, /tmp and /dev/shm together"),
	ROW("files", "files", LIMIT_COUNT, files,
	    "files and folders in /workspace, /tmp and /dev/shm"),
	ROW("open-files", "open_files", LIMIT_COUNT, open_files,
	    "open files of each process"),
	ROW("stack", "stack_bytes", LIMIT_SIZE, stack_bytes,
	    "stack of each process"),
	ROW("cpus", "cpu_milli", LIMIT_MILLI, cpu_milli,
	    "cpus it may keep busy, such as 1.5"),
	{ 0 },
};

static char same_dash(char c)
{
	return c == '_' ? '-' : c;
}

static bool same_name(const char *row, const char *name)
{
	for (; *row && *row == same_dash(*name); row++, name++)
		;
	return !*row && !*name;
}

const struct limit_row *limit_find(const char *name)
{
	for (const struct limit_row *row = limit_rows; row->name; row++)
		if (same_name(row->name, name))
			return row;
	return NULL;
}

uint64_t limit_get(const struct limits *l, const struct limit_row *row)
{
	uint64_t value;

	memcpy(&value, (const char *)l + row->offset, sizeof(value));
	return value;
}

void limit_put(struct limits *l, const struct limit_row *row, uint64_t value)
{
	memcpy((char *)l + row->offset, &value, sizeof(value));
}

int limit_parse(const struct limit_row *row, const char *text, uint64_t *value,
		struct err *err)
{
	int rc = 0;

	switch (row->kind) {
	case LIMIT_TIME:
		rc = str_parse_time(text, value, err);
		break;
	case LIMIT_SIZE:
		rc = str_parse_size(text, value, err);
		break;
	case LIMIT_COUNT:
		rc = str_parse_uint(text, 1, UINT32_MAX, value, err);
		break;
	case LIMIT_MILLI:
		rc = str_parse_milli(text, 1, UINT32_MAX, value, err);
		break;
	}
	if (rc < 0)
		return err_field(err, "%s", row->name);
	return 0;
}

const char *limit_format(const struct limit_row *row, uint64_t value, char *buf,
			 size_t size)
{
	switch (row->kind) {
	case LIMIT_TIME:
		return str_format_time(value, buf, size);
	case LIMIT_SIZE:
		return str_format_size(value, buf, size);
	case LIMIT_COUNT:
		snprintf(buf, size, "%" PRIu64, value);
		break;
	case LIMIT_MILLI:
		if (value % 1000 == 0) {
			snprintf(buf, size, "%" PRIu64, value / 1000);
			break;
		}
		snprintf(buf, size, "%" PRIu64 ".%03u", value / 1000,
			 (unsigned)(value % 1000));
		for (size_t n = strlen(buf); n && buf[n - 1] == '0';)
			buf[--n] = '\0';
		break;
	}
	return buf;
}

static int over_ceiling(const struct limit_row *row, uint64_t value,
			uint64_t max, struct err *err)
{
	char have[32], most[32];

	err_set(err, ERR_INVALID, "%s is more than this profile allows (%s)",
		limit_format(row, value, have, sizeof(have)),
		limit_format(row, max, most, sizeof(most)));
	err_try(err, "at most %s, or a profile with a higher ceiling", most);
	return err_field(err, "%s", row->name);
}

/*
 * Disk lives in the box's memory, so it must be smaller. A default gives way to
 * a small --memory; a number that somebody wrote is refused instead.
 */
static int resolve_disk(struct limits *l, bool asked, struct err *err)
{
	char disk[32], memory[32];

	if (!l->disk_bytes || !l->memory_bytes ||
	    l->disk_bytes < l->memory_bytes)
		return 0;
	/* half of one byte would be 0, to a tmpfs no limit at all */
	if (!asked && l->memory_bytes > 1) {
		l->disk_bytes = l->memory_bytes / 2;
		return 0;
	}
	err_set(err, ERR_INVALID, "%s of disk do not fit below %s of memory",
		str_format_size(l->disk_bytes, disk, sizeof(disk)),
		str_format_size(l->memory_bytes, memory, sizeof(memory)));
	err_try(err, "a smaller disk or more memory: files live in memory");
	return err_field(err, "disk");
}

void limits_prefer(struct limits *l, const struct limits *wish,
		   const struct limit_ranges *r)
{
	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t value = limit_get(wish, row);
		uint64_t max = limit_get(&r->max, row);

		if (limit_get(l, row) || value <= limit_get(&r->def, row))
			continue;
		limit_put(l, row, max && value > max ? max : value);
	}
}

int limits_resolve(struct limits *l, const struct limit_ranges *r,
		   struct err *err)
{
	struct limits out = *l;
	int rc;

	for (const struct limit_row *row = limit_rows; row->name; row++) {
		uint64_t value = limit_get(&out, row);
		uint64_t max = limit_get(&r->max, row);

		if (!value) {
			limit_put(&out, row, limit_get(&r->def, row));
			continue;
		}
		if (max && value > max)
			return over_ceiling(row, value, max, err);
	}
	if (!out.cpu_time_ms)
		out.cpu_time_ms = out.time_ms;
	rc = resolve_disk(&out, l->disk_bytes != 0, err);
	if (rc < 0)
		return rc;
	*l = out;
	return 0;
}
