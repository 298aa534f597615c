/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Component files, as `coop team check` loads them: an object or faults, each
 * at a place of the file; what loads is dumped as a file that loads and is
 * dumped the same, and a task's state is saved as JSON that it loads.
 * fuzz-options: -max_len=8192
 */
#include "agentlib/core/component.h"

#include "agentlib/catalog/catalog.h"
#include "agentlib/core/task.h"
#include "agentlib/fiber/engine.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/net/http.h"
#include "tests/fuzz/fuzz.h"
#include <stdio.h>
#include <string.h>

static struct engine *engine;
static struct http *http;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	engine = engine_create(NULL, NULL);
	FUZZ_CHECK(engine);
	http = http_create(engine_loop(engine), NULL);
	FUZZ_CHECK(http);
	return 0;
}

static const char *environment(const char *name)
{
	return str_equal(name, "OPENAI_API_KEY") ? "sk-test" : NULL;
}

static void on_notice(void *arg, const char *pointer, const char *text)
{
	FUZZ_CHECK(*text && (!*pointer || *pointer == '/'));
	++*(size_t *)arg;
}

/* The place is in the file, or would be the place of what is missing. A long
 * pointer is cut. */
static void check_pointer(const struct json *root, const char *pointer)
{
	_auto_free_ char *above = mem_strdup(pointer);
	char *last;

	FUZZ_CHECK(!*pointer || *pointer == '/');
	if (strlen(pointer) > 100)
		return;
	while (!catalog_pointer(root, above, NULL)) {
		last = strrchr(above, '/');
		FUZZ_CHECK(last);
		*last = 0;
		/* "config" and a member of it may both be missing */
		FUZZ_CHECK(strlen(pointer) - strlen(above) < 64);
	}
}

static void check_faults(const struct component_ctx *ctx,
			 const struct json *root)
{
	FUZZ_CHECK(ctx->fault_count > 0);
	FUZZ_CHECK(ctx->fault_count <= COMPONENT_FAULTS_MAX);
	for (size_t i = 0; i < ctx->fault_count; i++) {
		const struct component_fault *f = &ctx->faults[i];

		FUZZ_CHECK(*f->text);
		FUZZ_CHECK(memchr(f->remedy, 0, sizeof(f->remedy)));
		check_pointer(root, f->pointer);
	}
}

/* NULL after faults, which have been checked. */
static void *load(const struct json *j, const struct component_class **cls)
{
	size_t notices = 0;
	struct component_ctx ctx = {
		.engine = engine,
		.http = http,
		.floors = catalog_floors,
		.getenv = environment,
		.notice = on_notice,
		.notice_arg = &notices,
		.check_only = true,
	};
	void *object = component_load_any(&ctx, j, NULL, ~0u);

	FUZZ_CHECK(ctx.depth == 0 && ctx.steps == 0 && !*ctx.pointer);
	if (object) {
		FUZZ_CHECK(ctx.fault_count == 0);
		*cls = component_find(&ctx,
				      json_string(json_get(j, "provider")));
		FUZZ_CHECK(*cls && (*cls)->unref);
	} else {
		check_faults(&ctx, j);
	}
	component_ctx_finish(&ctx);
	return object;
}

static struct json *dump(const struct component_class *cls, const void *object,
			 struct buf *out)
{
	struct json_writer w;

	buf_init(out, SIZE_MAX);
	jw_init(&w, out);
	component_dump(cls->type, object, &w);
	return fuzz_json(out);
}

static void check_state(struct task *t)
{
	struct buf first, second;
	struct err err = { 0 };
	struct json_writer w;
	struct json *j;

	buf_init(&first, SIZE_MAX);
	buf_init(&second, SIZE_MAX);
	jw_init(&w, &first);
	t->ops->save(t, &w);
	j = fuzz_json(&first);
	FUZZ_CHECK(t->ops->load(t, j, &err) == 0);
	jw_init(&w, &second);
	t->ops->save(t, &w);
	FUZZ_SAME(second.data, first.data);
	json_destroy(j);
	buf_finish(&first);
	buf_finish(&second);
}

static void check_object(const struct component_class *cls, void *object)
{
	struct buf first, second;
	struct json *j = dump(cls, object, &first), *k;
	const struct component_class *again = NULL;
	void *back = load(j, &again);

	if (!back)
		fprintf(stderr, "does not load: %s\n", first.data);
	FUZZ_CHECK(back && again == cls);
	k = dump(cls, back, &second);
	FUZZ_SAME(second.data, first.data);
	if (cls->type == COMPONENT_AGENT || cls->type == COMPONENT_TEAM)
		check_state(object);
	cls->unref(back);
	json_destroy(j);
	json_destroy(k);
	buf_finish(&first);
	buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct json *j = json_parse(text, size, 1 << 24, NULL);
	const struct component_class *cls = NULL;
	void *object = j ? load(j, &cls) : NULL;

	if (object) {
		check_object(cls, object);
		cls->unref(object);
	}
	json_destroy(j);
	mem_free(text);
	return j ? 0 : -1;
}
