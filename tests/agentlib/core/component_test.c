/* SPDX-License-Identifier: Apache-2.0 */
/* The loader over two classes of the test's own: what it finds, where it says
 * it is, what a dump gives back. */
#include "agentlib/core/component.h"

#include "agentlib/core/termination.h"
#include "executor/base/buf.h"
#include "executor/base/json.h"
#include "executor/base/json_writer.h"
#include "executor/base/mem.h"
#include "tests/tap.h"
#include <stdio.h>
#include <string.h>

/* A condition with a number, a string and a child, all optional. */
struct thing {
	struct termination base;
	int64_t number;
	int version;
	void *child;
};

static int things; /* alive; tests run in processes of their own */

static void thing_dump(const struct termination *t, struct json_writer *w)
{
	jw_object(w);
	if (((const struct thing *)t)->number)
		jw_kint(w, "number", ((const struct thing *)t)->number);
	jw_end_object(w);
}

static void thing_destroy(struct termination *t)
{
	struct thing *thing = (struct thing *)t;

	things--;
	termination_unref(thing->child);
	mem_free(thing);
}

static const struct termination_ops thing_ops = {
	.provider = "tests.Thing",
	.dump = thing_dump,
	.destroy = thing_destroy,
};

static void *thing_load(struct component_ctx *ctx, const struct json *config,
			int version)
{
	static const char *const keys[] = { "number", "word", "child", NULL };
	static const struct component_range range = { 0, 10, 0 };
	struct thing *t = mem_new(struct thing);

	things++;
	t->base.ops = &thing_ops;
	t->base.refs = 1;
	t->version = version;
	component_known_keys(ctx, config, keys);
	t->number = component_int_range(ctx, config, "number", &range);
	component_string(ctx, config, "word", NULL);
	if (json_get(config, "child"))
		t->child = component_load(ctx, json_get(config, "child"),
					  "child", COMPONENT_TERMINATION);
	return t;
}

static void thing_unref(void *object)
{
	termination_unref(object);
}

static const struct component_class thing_class = {
	.provider = "tests.things.Thing",
	.type = COMPONENT_TERMINATION,
	.version = 3,
	.load = thing_load,
	.unref = thing_unref,
};
static const struct component_class served_class = {
	.provider = "tests.things.Served",
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.load = thing_load,
	.unref = thing_unref,
	.served_by = "is served by Thing",
};
static const struct component_class model_class = {
	.provider = "autogen_ext.models.openai.OpenAIChatCompletionClient",
	.type = COMPONENT_MODEL,
	.version = 1,
	.load = thing_load,
	.unref = thing_unref,
};
static const struct component_class never_class = {
	.provider = "tests.things.Never",
	.type = COMPONENT_TERMINATION,
	.version = 1,
	.not_run = "it is a test",
};
static const struct component_class *const floor_a[] = { &thing_class,
							 &served_class, NULL };
static const struct component_class *const floor_b[] = { &model_class,
							 &never_class, NULL };
static const struct component_class *const *const floors[] = { floor_a, floor_b,
							       NULL };

static void note(void *arg, const char *pointer, const char *text)
{
	buf_printf(arg, "%s: %s\n", pointer, text);
}

/* Loads `text`; faults and notices come as lines. */
static void *load(const char *text, struct buf *faults, struct buf *notices)
{
	struct component_ctx ctx = { .floors = floors,
				     .notice = note,
				     .notice_arg = notices };
	struct err err = { 0 };
	struct json *j = json_parse(text, strlen(text), 1 << 20, &err);
	void *object;

	if (!j)
		tap_note("%s", err.text);
	REQUIRE(j != NULL);
	buf_init(faults, 1 << 20);
	buf_init(notices, 1 << 20);
	object = component_load(&ctx, j, NULL, COMPONENT_TERMINATION);
	for (size_t i = 0; i < ctx.fault_count; i++)
		buf_printf(faults, "%s: %s%s%s\n", ctx.faults[i].pointer,
			   ctx.faults[i].text,
			   *ctx.faults[i].remedy ? " Try: " : "",
			   ctx.faults[i].remedy);
	CHECK_STR(ctx.pointer, "");
	component_ctx_finish(&ctx);
	json_destroy(j);
	return object;
}

struct row {
	const char *name, *text, *faults, *notices;
};

#define THING(config)                                                          \
	"{\"provider\":\"tests.things.Thing\",\"config\":" config "}"

static const struct row rows[] = {
	{ "fine", THING("{\"number\":3}"), "", "" },
	{ "no config", "{\"provider\":\"tests.things.Thing\"}", "", "" },
	{ "all faults at once",
	  THING("{\"number\":11,\"word\":1,\"child\":" THING(
		  "{\"number\":\"x\",\"child\":3}") "}"),
	  "/config/number: must be from 0 to 10, not 11\n"
	  "/config/word: must be a string, not number\n"
	  "/config/child/config/number: must be a number, not string\n"
	  "/config/child/config/child: must be a component object with "
	  "\"provider\" and \"config\", not number\n",
	  "" },
	{ "fraction", THING("{\"number\":1.5}"),
	  "/config/number: must be a whole number of at most 64 bits\n", "" },
	{ "not an object", "[]",
	  ": must be a component object with \"provider\" and \"config\", not "
	  "array\n",
	  "" },
	{ "no provider", "{}", "/provider: is missing: it names the class\n",
	  "" },
	{ "unknown", "{\"provider\":\"other.package.Thng\"}",
	  "/provider: \"other.package.Thng\" is not known Try: "
	  "\"tests.things.Thing\"\n",
	  "" },
	{ "not run", "{\"provider\":\"tests.things.Never\"}",
	  "/provider: tests.things.Never is not run by this Coop: it is a "
	  "test\n",
	  "" },
	{ "wrong type", "{\"provider\":\"OpenAIChatCompletionClient\"}",
	  "/provider: autogen_ext.models.openai.OpenAIChatCompletionClient is "
	  "a component of type model; here stands one of type termination\n",
	  "" },
	{ "version too new",
	  "{\"provider\":\"tests.things.Thing\",\"component_version\":4}",
	  "/component_version: must be from 1 to 3, not 4\n", "" },
	{ "served", "{\"provider\":\"tests.things.Served\"}", "",
	  ": Served is served by Thing\n" },
	{ "unknown members",
	  "{\"provider\":\"tests.things.Thing\",\"extra\":1,\"config\":"
	  "{\"numbr\":1,\"a/b\":2}}",
	  "",
	  ": the member \"extra\" is not known and is kept but ignored\n"
	  "/config/numbr: this member is not known and is ignored; did you "
	  "mean \"number\"?\n"
	  "/config/a~1b: this member is not known and is ignored\n" },
};

static void table(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf faults, notices;
		void *object = load(rows[i].text, &faults, &notices);
		bool ok = CHECK_STR(faults.data, rows[i].faults);

		ok &= CHECK_STR(notices.data, rows[i].notices);
		ok &= CHECK((object != NULL) == (*rows[i].faults == '\0'));
		if (!ok)
			tap_note("row: %s", rows[i].name);
		termination_unref(object);
		CHECK_INT(things, 0);
		buf_finish(&faults);
		buf_finish(&notices);
	}
}

static void older_versions_reach_the_class(void)
{
	static const struct {
		const char *text;
		int version;
	} cases[] = {
		{ "{\"provider\":\"tests.things.Thing\"}", 3 },
		{ "{\"provider\":\"tests.things.Thing\",\"component_version\":"
		  "null}",
		  3 },
		{ "{\"provider\":\"tests.things.Thing\",\"component_version\":1"
		  "}",
		  1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf faults, notices;
		struct thing *t = load(cases[i].text, &faults, &notices);

		REQUIRE(t != NULL);
		CHECK_INT(t->version, cases[i].version);
		termination_unref(&t->base);
		buf_finish(&faults);
		buf_finish(&notices);
	}
}

static void dump_gives_back(void)
{
	static const char text[] =
		"{\"provider\":\"tests.things.Served\",\"component_type\":"
		"\"termination\",\"version\":1,\"component_version\":1,"
		"\"description\":\"d\",\"label\":\"mine\",\"config\":"
		"{\"number\":4,\"unknown\":{\"a\":[1]}},\"x\":true}";
	struct buf faults, notices, out;
	struct json_writer w;
	void *object = load(text, &faults, &notices);

	REQUIRE(object != NULL);
	buf_init(&out, 1 << 20);
	jw_init(&w, &out);
	component_dump(COMPONENT_TERMINATION, object, &w);
	CHECK_STR(out.data, text);
	termination_unref(object);
	buf_finish(&faults);
	buf_finish(&notices);
	buf_finish(&out);
}

/* An unknown member of an otherwise empty config, and no label. */
static void dump_of_little(void)
{
	struct buf faults, notices, out;
	struct json_writer w;
	void *object = load(THING("{\"q\":1}"), &faults, &notices);

	REQUIRE(object != NULL);
	buf_init(&out, 1 << 20);
	jw_init(&w, &out);
	component_dump(COMPONENT_TERMINATION, object, &w);
	CHECK_STR(out.data,
		  "{\"provider\":\"tests.things.Thing\",\"component_type\":"
		  "\"termination\",\"version\":3,\"component_version\":3,"
		  "\"label\":\"Thing\",\"config\":{\"q\":1}}");
	termination_unref(object);
	buf_finish(&faults);
	buf_finish(&notices);
	buf_finish(&out);
}

/* JSON itself ends at 64 levels, which is 31 components. */
static void deep(void)
{
	struct buf text, faults, notices;
	struct err err = { 0 };

	buf_init(&text, 1 << 20);
	for (int i = 0; i < 30; i++)
		buf_puts(&text, "{\"provider\":\"tests.things.Thing\","
				"\"config\":{\"child\":");
	buf_puts(&text, THING("{}"));
	for (int i = 0; i < 30; i++)
		buf_puts(&text, "}}");
	termination_unref(load(text.data, &faults, &notices));
	CHECK_STR(faults.data, "");
	CHECK_INT(things, 0);
	buf_finish(&faults);
	buf_finish(&notices);
	buf_clear(&text);
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, "[");
	CHECK(json_parse(text.data, text.len, 1 << 20, &err) == NULL);
	buf_finish(&text);
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(table),
		TEST(older_versions_reach_the_class),
		TEST(dump_gives_back),
		TEST(dump_of_little),
		TEST(deep),
		{ 0 }
	};

	return tap_main(tests, argc, argv);
}
