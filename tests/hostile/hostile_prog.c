/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a table of hostile cases: hostile_prog [--fast] TABLE [NAME…], from the
 * root of the source tree, with COOP_BUILD as the build tree. Around each case
 * it looks at the host. TAP goes to standard output, why a case failed to
 * standard error.
 */
#include "tests/hostile/hostile_child.h"
#include "tests/hostile/hostile_host.h"
#include "tests/hostile/hostile_judge.h"
#include "tests/hostile/hostile_plant.h"
#include "tests/hostile/hostile_table.h"
#include "tests/tap.h"

#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/spec/result.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 64
#define DEADLINE_MS 60000
#define LEFT_MS 5000    /* for what coop leaves, to end by itself */
#define MEMORY_MS 30000 /* for the kernel to give back what a case took */
#define MEMORY_SLACK (64ULL << 20)
#define CASES "tests/hostile/cases"

struct runner {
	struct hostile_host host;
	struct hostile_table table;
	char *const *names;
	bool fast;
	unsigned number, failed;
	struct json *machine; /* result of a harmless program */
	char coop[4096];
};

struct words {
	const char *items[WORDS_MAX + 1];
	unsigned count;
	char *copies[WORDS_MAX];
};

/* ---- the command line ---- */

static char *replace(char *text, const char *name, const char *value)
{
	char *at = strstr(text, name), *longer;

	if (!at || !value)
		return text;
	longer = mem_printf("%.*s%s%s", (int)(at - text), text, value,
			    at + strlen(name));
	mem_free(text);
	return longer;
}

/* \n \t \\ and \xNN in an argument, so that a table can hold any byte. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		char hex[3] = { 0 };

		if (*s != '\\' || !s[1]) {
			*to++ = *s;
			continue;
		}
		s++;
		if (*s == 'x' && s[1] && s[2]) {
			memcpy(hex, s + 1, 2);
			*to++ = (char)strtol(hex, NULL, 16);
			s += 2;
		} else {
			*to++ = *s == 'n' ? '\n' : *s == 't' ? '\t' : *s;
		}
	}
	*to = '\0';
}

static void add_word(struct words *w, const struct runner *r, const char *word,
		     const char *each)
{
	char *text = mem_strdup(word), port[16];

	snprintf(port, sizeof(port), "%u", r->host.port);
	text = replace(text, "${each}", each);
	text = replace(text, "${guard}", r->host.guard);
	text = replace(text, "${port}", port);
	text = replace(text, "${cases}", CASES);
	text = replace(text, "${build}", r->host.build);
	unescape(text);
	if (w->count == WORDS_MAX) {
		mem_free(text);
		return;
	}
	w->copies[w->count] = text;
	w->items[w->count++] = text;
	w->items[w->count] = NULL;
}

static void add_words(struct words *w, const struct runner *r, const char *text,
		      const char *each)
{
	_auto_free_ char *copy = mem_strdup(text ? text : "");
	char *rest = copy, *word;

	while ((word = str_word(&rest)))
		add_word(w, r, word, each);
}

static void free_words(struct words *w)
{
	for (unsigned i = 0; i < w->count; i++)
		mem_free(w->copies[i]);
}

static void give_time(struct words *w, unsigned from)
{
	for (unsigned i = from; i + 1 < w->count; i++)
		if (str_equal(w->items[i], "--time")) {
			char *usual = w->copies[i + 1];

			w->copies[i + 1] = hostile_time(usual);
			w->items[i + 1] = w->copies[i + 1];
			mem_free(usual);
		}
}

static void make_command(struct words *w, const struct runner *r,
			 const struct hostile_row *row, const char *each)
{
	const char *program = hostile_value(row, KEY_PROGRAM);
	const struct hostile_values *args = &row->values[KEY_ARG];

	memset(w, 0, sizeof(*w));
	add_word(w, r, r->coop, NULL);
	add_word(w, r, program ? "run" : "exec", NULL);
	add_words(w, r, "--json", NULL);
	if (hostile_says(row, KEY_DO, "collect")) {
		add_word(w, r, "--collect", NULL);
		add_word(w, r, r->host.collect, NULL);
	}
	/* what the programs of a language share */
	if (program && str_ends(program, ".c"))
		add_words(w, r, "--file ${cases}/probe.h", NULL);
	if (program && str_ends(program, ".py"))
		add_words(w, r, "--file ${cases}/probe.py", NULL);
	unsigned from = w->count;
	if (tap_slow(1) > 1)
		add_words(w, r, "--time 10s", NULL);
	add_words(w, r, hostile_value(row, KEY_OPTIONS), each);
	give_time(w, from);
	if (program) {
		_auto_free_ char *path = mem_printf(CASES "/%s", program);

		add_word(w, r, path, each);
	} else {
		add_word(w, r, "--", NULL);
		add_words(w, r, hostile_value(row, KEY_COMMAND), each);
	}
	for (size_t i = 0; i < args->count; i++)
		add_word(w, r, args->items[i], each);
}

/* ---- one case ---- */

/* The kernel frees some memory late, so it is looked at until it is right. */
static void check_memory(const struct hostile_row *row,
			 const struct hostile_memory *before,
			 struct buf *faults)
{
	struct deadline until = deadline_in_ms(tap_slow(MEMORY_MS));
	struct hostile_memory now;

	if (!hostile_says(row, KEY_HOST, "memory"))
		return;
	for (;;) {
		hostile_host_memory(&now);
		if (now.slab <= before->slab + MEMORY_SLACK &&
		    now.shared <= before->shared + MEMORY_SLACK)
			break;
		if (deadline_passed(until)) {
			buf_printf(faults,
				   "the host's memory: slab %llu to %llu, "
				   "shared %llu to %llu\n",
				   before->slab, now.slab, before->shared,
				   now.shared);
			break;
		}
		usleep(20000);
	}
	if (now.swapped > before->swapped + MEMORY_SLACK)
		buf_puts(faults, "the host swapped\n");
}

static void check_host(struct runner *r, const struct buf *before,
		       struct buf *faults)
{
	struct buf after, names;

	buf_init(&names, 4096);
	if (hostile_child_leftovers(deadline_in_ms(tap_slow(LEFT_MS)), &names))
		buf_printf(faults, "processes are left: %s\n", names.data);
	buf_finish(&names);
	buf_init(&after, 4U << 20);
	hostile_host_picture(&r->host, &after);
	hostile_host_compare(before, &after, faults);
	buf_finish(&after);
	hostile_host_groups(&r->host, faults);
	hostile_host_visitors(&r->host, faults);
}

static uint64_t deadline_of(const struct hostile_row *row)
{
	const char *text = hostile_value(row, KEY_DEADLINE);
	uint64_t ms;

	if (!text || str_parse_time(text, &ms, NULL))
		ms = DEADLINE_MS;
	return ms * tap_slow(1);
}

static void run_once(struct runner *r, struct hostile_case *c,
		     struct hostile_end *end)
{
	struct hostile_child child;
	struct words words;

	make_command(&words, r, c->row, c->each);
	if (hostile_child_start(&child, words.items,
				hostile_value(c->row, KEY_INPUT),
				hostile_says(c->row, KEY_DO, "tty")) < 0) {
		fprintf(stderr, "# cannot start %s\n", r->coop);
		exit(1);
	}
	hostile_plant(c->row, &r->host, child.slave, c->faults);
	hostile_child_wait(&child, deadline_in_ms(deadline_of(c->row)), end);
	free_words(&words);
	hostile_judge(c);
}

/* Fills faults. */
static void run_case(struct runner *r, struct hostile_case *c)
{
	bool fill = hostile_says(c->row, KEY_DO, "fill");
	int times = hostile_says(c->row, KEY_DO, "twice") ? 2 : 1;
	struct hostile_memory memory;
	struct hostile_end end;
	struct buf before;

	if (hostile_host_begin(&r->host, fill) < 0)
		buf_puts(c->faults, "the collected folder cannot be made\n");
	buf_init(&before, 4U << 20);
	hostile_host_picture(&r->host, &before);
	hostile_host_memory(&memory);
	for (int i = 0; i < times; i++) {
		c->end = &end;
		run_once(r, c, &end);
		json_destroy(mem_take(c->result));
		hostile_end_finish(&end);
	}
	check_host(r, &before, c->faults);
	hostile_host_end(&r->host, fill);
	check_memory(c->row, &memory, c->faults);
	hostile_plant_remove(c->row, &r->host);
	buf_finish(&before);
}

/* Why the row makes no sense on this machine, or NULL. */
static const char *lacks(const struct runner *r, const struct hostile_row *row)
{
	if (hostile_says(row, KEY_DO, "fill") && !r->host.own_namespaces)
		return "root, for a file system of its own";
	return hostile_lacks(row, r->machine);
}

/* A harmless program tells which walls this machine cannot give. */
static bool ask_machine(struct runner *r)
{
	const char *const argv[] = { r->coop, "exec",          "--json",
				     "--",    "/usr/bin/true", NULL };
	struct hostile_child child;
	struct hostile_end end;

	if (hostile_child_start(&child, argv, NULL, false) < 0)
		return false;
	hostile_child_wait(&child, deadline_in_ms(tap_slow(DEADLINE_MS)), &end);
	r->machine = json_parse(end.out.data, end.out.len, 65536, NULL);
	if (!json_is(json_get(r->machine, "missing"), JSON_ARRAY)) {
		printf("Bail out! no jail here: %.*s\n",
		       (int)strcspn(end.err.data, "\n"), end.err.data);
		json_destroy(mem_take(r->machine));
	}
	hostile_end_finish(&end);
	return r->machine != NULL;
}

/* A misspelt wall would never be missing. */
static bool known_walls(const struct hostile_row *row)
{
	_auto_free_ char *copy =
		mem_strdup(hostile_value(row, KEY_NEEDS)
				   ? hostile_value(row, KEY_NEEDS)
				   : "");
	char *rest = copy, *word;
	bool all = true;

	while ((word = str_word(&rest))) {
		int i = 0;

		while (i < WALL_COUNT && !str_equal(word, wall_name(i)))
			i++;
		all &= i < WALL_COUNT;
	}
	return all;
}

/* ---- telling ---- */

static bool says(const char *text, const char *pattern)
{
	regex_t re;
	bool found;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
		return false;
	found = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

static void diagnose(const char *text)
{
	_auto_free_ char *copy = mem_strdup(text);
	char *at = copy;

	while (*at) {
		size_t n = strcspn(at, "\n");

		fprintf(stderr, "#   %.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

/* A row of the self-test is good when it fails for the right reason. */
static bool good(const struct hostile_row *row, const struct buf *faults)
{
	const char *fails = hostile_value(row, KEY_FAILS);

	return fails ? says(faults->data, fails) : !faults->len;
}

/* A wall that is missing may be no reason to pass where none may be. */
static bool skip_allowed(void)
{
	const char *ci = getenv("CI");

	return !ci || !str_equal(ci, "true") || geteuid() != 0;
}

static void run_value(struct runner *r, const struct hostile_row *row,
		      const char *each)
{
	struct hostile_case c = {
		.row = row,
		.each = each,
		.secret = r->host.secret,
		.collect = r->host.collect,
	};
	uint64_t began = clock_now_ns();
	const char *missing = lacks(r, row);
	const char *todo = hostile_value(row, KEY_TODO);
	struct buf faults;
	bool ok;

	buf_init(&faults, 65536);
	c.faults = &faults;
	if (!known_walls(row))
		buf_puts(&faults, "`needs` names no wall\n");
	if (!missing)
		run_case(r, &c);
	else if (!skip_allowed())
		buf_printf(&faults, "this machine lacks %s\n", missing);
	ok = good(row, &faults);
	r->failed += !ok && !todo;
	printf("%sok %u - %s%s%s", ok ? "" : "not ", ++r->number, row->name,
	       each ? " " : "", each ? each : "");
	if (ok && missing)
		printf(" # SKIP this machine lacks %s", missing);
	else if (todo)
		printf(" # TODO %s", todo);
	printf("\n# %llu ms\n",
	       (unsigned long long)((clock_now_ns() - began) / CLOCK_MS));
	fflush(stdout);
	if (!ok) {
		fprintf(stderr, "# failed: %s%s%s\n", row->name,
			each ? " " : "", each ? each : "");
		diagnose(faults.len ? faults.data : "nothing failed");
	}
	buf_finish(&faults);
}

static bool chosen(const struct runner *r, const struct hostile_row *row)
{
	if (r->fast && !hostile_says(row, KEY_WHEN, "fast") &&
	    !hostile_value(row, KEY_COVERED))
		return false;
	for (int i = 0; r->names[i]; i++)
		if (fnmatch(r->names[i], row->name, 0) == 0)
			return true;
	return !r->names[0];
}

/* Elsewhere means a file that exists and names the case. */
static void say_covered(struct runner *r, const struct hostile_row *row)
{
	const char *where = hostile_value(row, KEY_COVERED);
	bool later = str_starts(where, "later:");
	bool ok = later || access(where, R_OK) == 0;

	r->failed += !ok;
	printf("%sok %u - %s stands in %s\n", ok ? "" : "not ", ++r->number,
	       row->name, where);
}

static void run_row(struct runner *r, const struct hostile_row *row)
{
	const struct hostile_values *each = &row->values[KEY_EACH];

	if (hostile_value(row, KEY_COVERED)) {
		say_covered(r, row);
		return;
	}
	for (size_t i = 0; i < each->count; i++)
		run_value(r, row, each->items[i]);
	if (!each->count)
		run_value(r, row, NULL);
}

/* Nobody may lose a case: the main table has all numbers. */
static void check_complete(struct runner *r)
{
	bool seen[73] = { false };
	unsigned missing = 0;

	for (size_t i = 0; i < r->table.count; i++)
		seen[hostile_number(&r->table.rows[i])] = true;
	for (int i = 1; i <= 72; i++)
		missing += !seen[i];
	r->failed += missing > 0;
	printf("%sok %u - all 72 cases stand in the table\n",
	       missing ? "not " : "", ++r->number);
}

int main(int argc, char **argv)
{
	struct runner r = { .names = argv + 2 };
	const char *build = getenv("COOP_BUILD");
	struct err err = { 0 };

	if (argc > 1 && str_equal(argv[1], "--fast")) {
		r.fast = true;
		r.names++;
		argv++;
		argc--;
	}
	if (argc < 2 || hostile_table_load(&r.table, argv[1], &err) < 0) {
		printf("Bail out! %s %s\n", err.field, err.text);
		return 1;
	}
	build = build ? build : "build/release";
	snprintf(r.coop, sizeof(r.coop), "%s/bin/coop", build);
	if (hostile_host_open(&r.host, build, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	hostile_child_adopt();
	if (!ask_machine(&r))
		return 1;
	if (str_ends(argv[1], "/table.txt") && !r.names[0])
		check_complete(&r);
	for (size_t i = 0; i < r.table.count; i++)
		if (chosen(&r, &r.table.rows[i]))
			run_row(&r, &r.table.rows[i]);
	printf("1..%u\n", r.number);
	hostile_host_close(&r.host);
	hostile_table_finish(&r.table);
	json_destroy(r.machine);
	return r.failed ? 1 : 0;
}
