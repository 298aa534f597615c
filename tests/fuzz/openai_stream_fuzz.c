/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streamed chat completion: no split of the bytes matters, what was given in
 * pieces is what the result says, and what a model calls can be sent back.
 */
#include "agentlib/model/openai_stream.h"

#include "agentlib/model/vendor_stream.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_model.h"
#include <stdlib.h>
#include <string.h>

static const struct model_info unknown = { .family = "unknown" };
static const struct model_info known = { .family = "gpt-4o" };

struct reading {
	struct buf given;
	size_t pieces, stop_at;
	struct create_result result;
	int rc;
	struct err err;
};

static int on_chunk(void *arg, const char *text, size_t len, struct err *err)
{
	struct reading *r = arg;

	FUZZ_CHECK(len > 0 && strlen(text) == len);
	FUZZ_CHECK(str_utf8_valid(text, len));
	buf_add(&r->given, text, len);
	if (++r->pieces == r->stop_at)
		return err_set(err, ERR_CANCELLED, "enough");
	return 0;
}

static void read_all(struct reading *r, const struct model_info *info,
		     const struct fuzz_bytes *b, struct fuzz_dice *dice)
{
	struct model_request req = { .chunk = on_chunk, .arg = r };
	size_t left = b->left, most = dice ? 1 + fuzz_throw(dice, 60) : left;
	const uint8_t *at = b->at;
	struct vendor_stream s;

	buf_init(&r->given, SIZE_MAX);
	vendor_stream_init(&s, openai_stream_event, &req, info);
	while (left && r->rc == 0) {
		size_t n = dice ? 1 + fuzz_throw(dice, most) : left;
		char *piece;

		n = n < left ? n : left;
		piece = fuzz_copy(at, n);
		r->rc = vendor_stream_feed(&s, piece, n, &r->err);
		free(piece);
		at += n;
		left -= n;
	}
	if (r->rc == 0)
		r->rc = vendor_stream_end(&s, &r->result, &r->err);
	FUZZ_CHECK(s.callers == (r->stop_at && r->pieces == r->stop_at));
	vendor_stream_finish(&s);
	if (r->rc < 0)
		fuzz_check_err(&r->err);
}

static void finish(struct reading *r)
{
	create_result_finish(&r->result);
	buf_finish(&r->given);
}

/* The pieces without their <think> marks are the text and the thought. */
static void check_given(const struct reading *r)
{
	const struct create_result *c = &r->result;
	const char *text = c->content ? c->content : "";
	const char *thought = c->thought ? c->thought : "";

	if (r->rc < 0 || c->call_count || strstr(r->given.data, "<think>"))
		return;
	FUZZ_SAME(r->given.data, text);
	FUZZ_SAME(thought, "");
}

static void check_same(const struct reading *a, const struct reading *b)
{
	FUZZ_CHECK(a->rc == b->rc);
	FUZZ_SAME(a->given.data, b->given.data);
	FUZZ_SAME(a->err.text, b->err.text);
	FUZZ_SAME(a->result.content, b->result.content);
	FUZZ_SAME(a->result.thought, b->result.thought);
	FUZZ_CHECK(a->result.call_count == b->result.call_count);
	for (size_t i = 0; i < a->result.call_count; i++) {
		FUZZ_SAME(a->result.calls[i].name, b->result.calls[i].name);
		FUZZ_SAME(a->result.calls[i].arguments,
			  b->result.calls[i].arguments);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_dice dice = fuzz_dice(data, size);
	const struct model_info *info = fuzz_throw(&dice, 1) ? &known
							     : &unknown;
	struct fuzz_bytes b = { data, size };
	struct reading whole = { 0 }, parts = { 0 };

	if (fuzz_throw(&dice, 9) == 0)
		whole.stop_at = parts.stop_at = 1 + fuzz_throw(&dice, 3);
	read_all(&whole, info, &b, NULL);
	read_all(&parts, info, &b, &dice);
	check_same(&whole, &parts);
	check_given(&whole);
	if (whole.rc == 0)
		fuzz_model_check(&whole.result);
	finish(&whole);
	finish(&parts);
	return 0;
}
