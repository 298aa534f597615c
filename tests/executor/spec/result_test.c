/* SPDX-License-Identifier: Apache-2.0 */
/* The result's names, exit statuses and its JSON. */
#include "executor/spec/result.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <string.h>

static struct json *format(const struct result *r)
{
	struct err err = { 0 };
	struct json *j;
	struct buf out;

	buf_init(&out, 1 << 20);
	result_format(r, &out);
	j = json_parse(out.data, out.len, 1 << 20, &err);
	if (!CHECK(j != NULL))
		tap_note("%s in %s", err.text, out.data);
	buf_finish(&out);
	REQUIRE(j != NULL);
	return j;
}

static const struct {
	enum run_status status;
	int exit_code, signal;
	const char *name;
	int want;
} exits[] = {
	{ RUN_OK, 0, 0, "ok", 0 },
	{ RUN_FAILED, 3, 0, "failed", 3 },
	{ RUN_SIGNALED, -1, 11, "signaled", 139 },
	{ RUN_TIME_LIMIT, -1, 9, "time_limit", 124 },
	{ RUN_CPU_LIMIT, -1, 9, "cpu_limit", 124 },
	{ RUN_MEMORY_LIMIT, -1, 9, "memory_limit", 137 },
	{ RUN_OUTPUT_LIMIT, -1, 9, "output_limit", 124 },
	{ RUN_COMPILE_FAILED, -1, 0, "compile_failed", 126 },
	{ RUN_CANCELLED, -1, 9, "cancelled", 130 },
	{ RUN_SANDBOX_ERROR, -1, 0, "sandbox_error", 125 },
};

static void exit_statuses(void)
{
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		struct result r;

		result_init(&r);
		r.status = exits[i].status;
		r.exit_code = exits[i].exit_code;
		r.signal = exits[i].signal;
		CHECK_INT(result_exit_status(&r), exits[i].want);
		CHECK_STR(run_status_name(r.status), exits[i].name);
	}
}

/* The keys of the design, in one object, whatever is known. */
static void an_empty_result_has_every_key(void)
{
	static const char *const keys[] = {
		"id",
		"status",
		"exit_code",
		"signal",
		"stdout",
		"stderr",
		"stdout_truncated",
		"stderr_truncated",
		"reasons",
		"denied_syscall",
		"wall_ms",
		"cpu_ms",
		"memory_peak_bytes",
		"processes_peak",
		"files",
		"compile",
		"backend",
		"profile",
		"language",
		"tier",
		"missing",
		"start",
		"limits",
	};
	struct result r;
	struct json *j;

	result_init(&r);
	j = format(&r);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (!CHECK(json_get(j, keys[i]) != NULL))
			tap_note("%s", keys[i]);
	CHECK(json_is(json_get(j, "exit_code"), JSON_NULL));
	CHECK(json_is(json_get(j, "cpu_ms"), JSON_NULL));
	CHECK(json_is(json_get(j, "memory_peak_bytes"), JSON_NULL));
	CHECK_STR(json_string(json_get(j, "stdout")), "");
	json_destroy(j);
}

static struct result full(void)
{
	struct result r;

	result_init(&r);
	r.status = RUN_TIME_LIMIT;
	r.signal = 9;
	r.stdout_data = mem_strdup("a\"b\n\xff");
	r.stdout_len = 5;
	r.reasons[0] = REASON_TIME;
	r.reasons[1] = REASON_OUTPUT;
	r.reason_count = 2;
	r.wall_ms = 1234.5678;
	r.cpu_ms = 0;
	r.memory_peak_bytes = 5LL << 32;
	r.missing = 1u << WALL_LANDLOCK | 1u << WALL_SWAP;
	r.limits.time_ms = 10000;
	r.files = mem_zero(2, sizeof(*r.files));
	r.files[0].path = mem_strdup("t.txt");
	r.files[0].size = 2;
	r.files[0].content = mem_strdup("hi");
	r.files[0].content_len = 2;
	r.files[1].path = mem_strdup("b.bin");
	r.files[1].content = mem_copy("\xff\x00\x01\x02", 4);
	r.files[1].content_len = 4;
	r.file_count = 2;
	r.compile = mem_new(struct result);
	result_init(r.compile);
	r.compile->status = RUN_OK;
	r.compile->exit_code = 0;
	return r;
}

static void values_are_where_they_belong(void)
{
	struct result r = full();
	struct json *j = format(&r);
	const struct json *file = json_child(json_get(j, "files"));

	CHECK_STR(json_string(json_get(j, "status")), "time_limit");
	CHECK_INT(json_number(json_get(j, "signal"), 0), 9);
	CHECK_STR(json_string(json_get(j, "stdout")), "a\"b\n\xef\xbf\xbd");
	CHECK_INT(json_count(json_get(j, "reasons")), 2);
	CHECK(json_number(json_get(j, "wall_ms"), 0) == 1234.568);
	CHECK_INT(json_number(json_get(j, "cpu_ms"), -1), 0);
	CHECK_INT(json_number(json_get(j, "memory_peak_bytes"), 0), 5LL << 32);
	CHECK_INT(json_count(json_get(j, "missing")), 2);
	CHECK_INT(json_number(json_get(json_get(j, "limits"), "time_ms"), 0),
		  10000);
	CHECK_STR(json_string(json_get(file, "content")), "hi");
	CHECK_STR(json_string(json_get(json_next(file), "content_base64")),
		  "/wABAg==");
	CHECK_STR(json_string(json_get(json_get(j, "compile"), "status")),
		  "ok");
	json_destroy(j);
	result_finish(&r);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(exit_statuses),
		TEST(an_empty_result_has_every_key),
		TEST(values_are_where_they_belong),
		{ 0 },
	};

	return tap_main(tests, argc, argv);
}
