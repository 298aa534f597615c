/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result with any output, names and counters is JSON, and says in it what it
 * says in memory.
 */
#include "executor/spec/result.h"

#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include <math.h>
#include <string.h>

static void fill_text(struct fuzz_bytes *b, char *out, size_t size)
{
	char *text = fuzz_string(b);

	str_copy(out, size, text);
	mem_free(text);
}

static double milliseconds(struct fuzz_bytes *b)
{
	uint64_t v = fuzz_u64(b);

	/* out of nanoseconds in 64 bits; negative: not known */
	return (double)(v >> v % 64) / 1e6 - 1;
}

static void fill_file(struct fuzz_bytes *b, struct result_file *f)
{
	f->path = fuzz_string(b);
	f->size = fuzz_u64(b);
	if (!(fuzz_byte(b) & 1))
		return;
	f->content_len = fuzz_byte(b);
	f->content_len = f->content_len < b->left ? f->content_len : b->left;
	f->content = mem_copy(b->at, f->content_len);
	b->at += f->content_len;
	b->left -= f->content_len;
}

static void fill(struct fuzz_bytes *b, struct result *r)
{
	result_init(r);
	r->status = fuzz_byte(b) % (RUN_SANDBOX_ERROR + 1);
	r->signal = fuzz_byte(b) % 65;
	r->exit_code = r->signal ? -1 : fuzz_byte(b);
	r->stdout_data = fuzz_string(b);
	r->stdout_len = strlen(r->stdout_data);
	r->stderr_data = fuzz_string(b);
	r->stderr_len = strlen(r->stderr_data);
	r->stdout_truncated = fuzz_byte(b) & 1;
	while (fuzz_byte(b) & 1 && r->reason_count < REASONS_MAX)
		r->reasons[r->reason_count++] = 1 +
						fuzz_byte(b) % REASON_BROKEN;
	fill_text(b, r->denied_syscall, sizeof(r->denied_syscall));
	fill_text(b, r->message, sizeof(r->message));
	fill_text(b, r->language, sizeof(r->language));
	r->wall_ms = milliseconds(b);
	r->cpu_ms = milliseconds(b);
	r->memory_peak_bytes = (int64_t)fuzz_u64(b);
	r->missing = (uint32_t)fuzz_u64(b);
	r->limits.memory_bytes = fuzz_u64(b);
	r->file_count = fuzz_byte(b) % 4;
	r->files = mem_zero(4, sizeof(*r->files));
	for (size_t i = 0; i < r->file_count; i++)
		fill_file(b, &r->files[i]);
}

static void check_text(const struct json *j, const char *key, const char *text)
{
	struct buf want;

	buf_init(&want, SIZE_MAX);
	str_utf8_add(&want, text, strlen(text));
	FUZZ_SAME(json_string(json_get(j, key)), want.data);
	buf_finish(&want);
}

static void check_count(const struct json *j, const char *key, int64_t v)
{
	int64_t got = -1;

	json_int(json_get(j, key), &got);
	FUZZ_CHECK(v < 0 ? json_is(json_get(j, key), JSON_NULL) : got == v);
}

static void check_files(const struct json *list, const struct result *r)
{
	size_t i = 0;

	FUZZ_CHECK(json_count(list) == r->file_count);
	for (const struct json *j = json_child(list); j;
	     j = json_next(j), i++) {
		const struct result_file *f = &r->files[i];
		const char *base64 = json_string(json_get(j, "content_base64"));

		check_text(j, "path", f->path);
		if (!f->content) {
			FUZZ_CHECK(json_count(j) == 2);
		} else if (str_utf8_valid(f->content, f->content_len)) {
			FUZZ_CHECK(json_get(j, "content") && !base64);
		} else {
			FUZZ_CHECK(strlen(base64) ==
				   (f->content_len + 2) / 3 * 4);
		}
	}
}

static void check(const struct json *j, const struct result *r)
{
	double wall = json_number(json_get(j, "wall_ms"), -1);

	FUZZ_SAME(json_string(json_get(j, "status")),
		  run_status_name(r->status));
	check_text(j, "stdout", r->stdout_data);
	check_text(j, "stderr", r->stderr_data);
	FUZZ_CHECK(json_bool(json_get(j, "stdout_truncated"), false) ==
		   r->stdout_truncated);
	check_count(j, "exit_code", r->exit_code);
	check_count(j, "signal", r->signal ? r->signal : -1);
	check_count(j, "memory_peak_bytes", r->memory_peak_bytes);
	FUZZ_CHECK(json_count(json_get(j, "reasons")) == r->reason_count);
	FUZZ_CHECK(r->wall_ms < 0 ? wall < 0
				  : fabs(wall - r->wall_ms) <=
					    0.001 + r->wall_ms * 1e-12);
	FUZZ_CHECK(json_is(json_get(j, "compile"), JSON_NULL) == !r->compile);
	check_files(json_get(j, "files"), r);
	if (r->compile)
		check(json_get(j, "compile"), r->compile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bytes b = { data, size };
	bool compile = fuzz_byte(&b) & 1;
	struct result r;
	struct buf out;
	struct json *j;
	int status;

	fill(&b, &r);
	if (compile) {
		r.compile = mem_new(struct result);
		fill(&b, r.compile);
	}
	buf_init(&out, SIZE_MAX);
	result_format(&r, &out);
	j = fuzz_json(&out);
	check(j, &r);
	status = result_exit_status(&r);
	FUZZ_CHECK(status >= 0 && status <= 255);
	json_destroy(j);
	buf_finish(&out);
	result_finish(&r);
	return 0;
}
