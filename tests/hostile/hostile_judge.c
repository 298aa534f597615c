/* SPDX-License-Identifier: Apache-2.0 */
/* A check per key of the table, and what every case must hold to. */
#include "tests/hostile/hostile_judge.h"

#include "tests/tap.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"

#include <ftw.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>

#define RESULT_MAX (64U << 20)
#define SHOWN 300
/* Front and broker hold outputs of at most 1 MiB each in some forms. */
#define RSS_MAX (64U << 20)

static const char *text_of(const struct hostile_case *c, const char *key)
{
	const char *s = json_string(json_get(c->result, key));

	return s ? s : "";
}

static void fault_text(struct hostile_case *c, const char *what,
		       const char *want, const char *got)
{
	buf_printf(c->faults, "%s: want %s, got %.*s\n", what, want, SHOWN,
		   got);
}

static bool matches(struct hostile_case *c, const char *pattern,
		    const char *text)
{
	regex_t re;
	bool found;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE)) {
		buf_printf(c->faults, "bad pattern %s\n", pattern);
		return false;
	}
	found = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

static bool array_has(const struct json *array, const char *word)
{
	for (const struct json *j = json_child(array); j; j = json_next(j))
		if (str_equal(json_string(j), word))
			return true;
	return false;
}

/* ---- the end ---- */

static void check_exit(struct hostile_case *c)
{
	const char *want = hostile_value(c->row, KEY_EXIT);
	int status = c->end->wait_status;
	char got[32];

	if (!want)
		want = hostile_value(c->row, KEY_CODE) ? "125" : "0";
	if (WIFEXITED(status))
		snprintf(got, sizeof(got), "%d", WEXITSTATUS(status));
	else
		snprintf(got, sizeof(got), "signal %d", WTERMSIG(status));
	if (!str_equal(want, "any") && !str_equal(want, got))
		fault_text(c, "exit", want, got);
}

static void check_status(struct hostile_case *c)
{
	const char *got = text_of(c, "status");

	if (hostile_value(c->row, KEY_STATUS)
		    ? !hostile_says(c->row, KEY_STATUS, got)
		    : !str_equal(got, "ok"))
		fault_text(c, "status",
			   hostile_value(c->row, KEY_STATUS)
				   ? hostile_value(c->row, KEY_STATUS)
				   : "ok",
			   got);
	for (size_t i = 0; i < c->row->values[KEY_REASON].count; i++) {
		const char *want = c->row->values[KEY_REASON].items[i];

		if (!array_has(json_get(c->result, "reasons"), want))
			fault_text(c, "reason", want, "none such");
	}
}

static void check_error(struct hostile_case *c)
{
	const struct json *error = json_get(c->result, "error");
	const char *code = json_string(json_get(error, "code"));
	const char *field = json_string(json_get(error, "field"));
	const char *want = hostile_value(c->row, KEY_FIELD);

	if (!hostile_says(c->row, KEY_CODE, code ? code : ""))
		fault_text(c, "error code", hostile_value(c->row, KEY_CODE),
			   code ? code : "none");
	if (want && !matches(c, want, field ? field : ""))
		fault_text(c, "error field", want, field ? field : "none");
}

/* Which call it was is only known where the kernel tells. */
static void check_denied(struct hostile_case *c)
{
	const char *want = hostile_value(c->row, KEY_DENIED);
	const char *got = text_of(c, "denied_syscall");

	if (array_has(json_get(c->result, "missing"), "user_notification"))
		want = "";
	if (want && !str_equal(want, got))
		fault_text(c, "denied_syscall", want, got);
}

/* ---- what it printed ---- */

/* The lines of the walls that gave way. */
static void say_broken(struct hostile_case *c, const char *out)
{
	const char *at = out;

	buf_puts(c->faults, "it says BROKEN\n");
	for (int i = 0; i < 12 && (at = strstr(at, "BROKEN")); i++, at++)
		buf_printf(c->faults, "%.*s\n", (int)strcspn(at, "\n"), at);
}

static void check_held(struct hostile_case *c, const char *out)
{
	const char *want = hostile_value(c->row, KEY_HELD);
	const char *at = out, *last = NULL;
	char got[32] = "nothing";

	if (!want)
		return;
	while ((at = strstr(at, "held ")))
		last = at++;
	if (last)
		snprintf(got, sizeof(got), "%lu", strtoul(last + 5, NULL, 10));
	if (!last || strtoul(got, NULL, 10) < strtoul(want, NULL, 10))
		fault_text(c, "held", want, got);
}

static void check_output(struct hostile_case *c)
{
	const struct hostile_values *v = c->row->values;
	const char *out = text_of(c, "stdout"), *err = text_of(c, "stderr");

	for (size_t i = 0; i < v[KEY_PRINT].count; i++)
		if (!matches(c, v[KEY_PRINT].items[i], out))
			fault_text(c, "stdout", v[KEY_PRINT].items[i], out);
	for (size_t i = 0; i < v[KEY_COMPLAIN].count; i++)
		if (!matches(c, v[KEY_COMPLAIN].items[i], err))
			fault_text(c, "stderr", v[KEY_COMPLAIN].items[i], err);
	for (size_t i = 0; i < v[KEY_NEVER].count; i++)
		if (matches(c, v[KEY_NEVER].items[i], out) ||
		    matches(c, v[KEY_NEVER].items[i], err))
			fault_text(c, "never printed", v[KEY_NEVER].items[i],
				   out);
	if (matches(c, "BROKEN", out) || matches(c, "BROKEN", err))
		say_broken(c, out);
	check_held(c, out);
	if (c->faults->len && *err)
		buf_printf(c->faults, "(its stderr: %.*s)\n", SHOWN, err);
}

static void check_truncated(struct hostile_case *c)
{
	static const char *const streams[] = { "stdout", "stderr" };

	for (int i = 0; i < 2; i++) {
		char key[32];
		bool want = hostile_says(c->row, KEY_TRUNCATED, streams[i]);

		snprintf(key, sizeof(key), "%s_truncated", streams[i]);
		if (json_bool(json_get(c->result, key), !want) != want)
			fault_text(c, key, want ? "true" : "false", "not so");
	}
}

/* ---- numbers ---- */

static double collected_bytes(const char *path)
{
	double sum = 0;
	struct dirent **names;
	int n = scandir(path, &names, NULL, NULL);

	for (int i = 0; i < n; i++) {
		_auto_free_ char *sub = mem_printf("%s/%s", path,
						   names[i]->d_name);
		struct stat st;

		if (lstat(sub, &st) == 0 && S_ISREG(st.st_mode))
			sum += (double)st.st_size;
		free(names[i]);
	}
	if (n > 0)
		free(names);
	return sum;
}

static double number(struct hostile_case *c, const char *name)
{
	if (str_equal(name, "stdout_bytes"))
		return (double)strlen(text_of(c, "stdout"));
	if (str_equal(name, "stderr_bytes"))
		return (double)strlen(text_of(c, "stderr"));
	if (str_equal(name, "collected_bytes"))
		return collected_bytes(c->collect);
	if (str_equal(name, "file_count"))
		return (double)json_count(json_get(c->result, "files"));
	return json_number(json_get(c->result, name), -1);
}

/* "256M" as bytes, "1500" as it is. */
static double bound(struct hostile_case *c, const char *text)
{
	uint64_t n;

	if (text && str_parse_size(text, &n, NULL) == 0)
		return (double)n;
	fault_text(c, "table", "a number", text ? text : "nothing");
	return 0;
}

/* Without its controller a number is not known, which the result says. */
static bool unknown(const struct hostile_case *c, const char *name)
{
	static const char *const from[][2] = {
		{ "memory_peak_bytes", "cgroup.memory" },
		{ "processes_peak", "cgroup.pids" },
		{ "cpu_ms", "cgroup.cpuacct" },
	};

	for (size_t i = 0; i < ARRAY_LEN(from); i++)
		if (str_equal(name, from[i][0]))
			return array_has(json_get(c->result, "missing"),
					 from[i][1]);
	return false;
}

static void check_bound(struct hostile_case *c, const char *item, bool least)
{
	_auto_free_ char *copy = mem_strdup(item);
	char *rest = copy, *name = str_word(&rest);
	double want = bound(c, str_word(&rest)), got = number(c, name);

	if (got < 0 && unknown(c, name))
		return;
	if (!least && str_ends(name, "_ms"))
		want *= tap_slow(1);
	if (got < 0 || (least ? got < want : got > want))
		buf_printf(c->faults, "%s: want at %s %.0f, got %.0f\n", name,
			   least ? "least" : "most", want, got);
}

static void check_numbers(struct hostile_case *c)
{
	const struct hostile_values *v = c->row->values;

	for (size_t i = 0; i < v[KEY_LEAST].count; i++)
		check_bound(c, v[KEY_LEAST].items[i], true);
	for (size_t i = 0; i < v[KEY_MOST].count; i++)
		check_bound(c, v[KEY_MOST].items[i], false);
}

/* ---- files ---- */

static size_t words_in(const char *text)
{
	_auto_free_ char *copy = mem_strdup(text);
	char *rest = copy;
	size_t n = 0;

	while (str_word(&rest))
		n++;
	return n;
}

static void check_files(struct hostile_case *c)
{
	const char *want = hostile_value(c->row, KEY_FILES);
	const struct json *files = json_get(c->result, "files");
	const struct json *f;

	if (!want)
		return;
	for (f = json_child(files); f; f = json_next(f)) {
		const char *path = json_string(json_get(f, "path"));

		if (!path || !hostile_says(c->row, KEY_FILES, path))
			fault_text(c, "files", want, path ? path : "NULL");
	}
	if (json_count(files) != (str_equal(want, "-") ? 0 : words_in(want)))
		fault_text(c, "files", want, "another number");
}

static void check_collected(struct hostile_case *c)
{
	const char *want = hostile_value(c->row, KEY_COLLECTED);
	struct dirent **names;
	size_t found = 0;
	int n;

	if (!want)
		return;
	n = scandir(c->collect, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;

		if (!str_equal(name, ".") && !str_equal(name, "..") &&
		    !str_equal(name, "trap")) {
			found++;
			if (!hostile_says(c->row, KEY_COLLECTED, name))
				fault_text(c, "collected", want, name);
		}
		free(names[i]);
	}
	if (n > 0)
		free(names);
	if (found != (str_equal(want, "-") ? 0 : words_in(want)))
		fault_text(c, "collected", want, "another number");
}

/* ---- all ---- */

/* What no case may do, whatever its row says. */
static void check_always(struct hostile_case *c)
{
	const struct hostile_end *end = c->end;

	if (end->late)
		buf_puts(c->faults, "coop had to be killed at the deadline\n");
	if (end->tty_touched)
		buf_puts(c->faults, "something went into the terminal\n");
	if (end->out.overflow || end->err.overflow)
		buf_puts(c->faults, "coop itself printed without end\n");
	if (memmem(end->out.data, end->out.len, c->secret, strlen(c->secret)) ||
	    memmem(end->err.data, end->err.len, c->secret, strlen(c->secret)))
		buf_puts(c->faults, "the host's secret came out\n");
	if (end->rss_peak > RSS_MAX)
		buf_printf(c->faults, "front or broker took %llu bytes\n",
			   (unsigned long long)end->rss_peak);
	if (strstr(end->err.data, "Sanitizer") ||
	    strstr(end->err.data, "runtime error"))
		fault_text(c, "coop's stderr", "no report of a sanitizer",
			   end->err.data);
}

static void parse(struct hostile_case *c)
{
	struct err err = { 0 };

	c->result = json_parse(c->end->out.data, c->end->out.len, RESULT_MAX,
			       &err);
	if (c->result)
		return;
	fault_text(c, "result", "one JSON value", err.text);
	buf_printf(c->faults, "coop said: %.*s\n", SHOWN, c->end->err.data);
}

void hostile_judge(struct hostile_case *c)
{
	check_always(c);
	check_exit(c);
	parse(c);
	if (!c->result)
		return;
	if (hostile_value(c->row, KEY_CODE)) {
		check_error(c);
	} else if (json_get(c->result, "error")) {
		fault_text(c, "result", "a report",
			   json_string(json_get(json_get(c->result, "error"),
						"message")));
	} else {
		check_status(c);
		check_denied(c);
		check_output(c);
		check_truncated(c);
		check_numbers(c);
		check_files(c);
	}
	check_collected(c);
}

const char *hostile_lacks(const struct hostile_row *row,
			  const struct json *result)
{
	const struct json *missing = json_get(result, "missing");

	for (const struct json *j = json_child(missing); j; j = json_next(j))
		if (json_string(j) &&
		    hostile_says(row, KEY_NEEDS, json_string(j)))
			return json_string(j);
	return NULL;
}
